// Uploads from buckets of an object store.
import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
ALTER TABLE uploads DROP CONSTRAINT uploads_source_check;
ALTER TABLE uploads ADD CONSTRAINT uploads_source_check CHECK (source IN ('tus', 'url', 's3', 'folder'));
COMMENT ON COLUMN uploads.location IS 'The URL, s3://bucket/key, or the path with size and time of change of the file, that it comes from.';
`;

const DOWN = `
DELETE FROM uploads WHERE source = 's3';
ALTER TABLE uploads DROP CONSTRAINT uploads_source_check;
ALTER TABLE uploads ADD CONSTRAINT uploads_source_check CHECK (source IN ('tus', 'url', 'folder'));
COMMENT ON COLUMN uploads.location IS 'The URL, or the path with size and time of change of the file, that it comes from.';
`;

export class ObjectStores1796169600000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
