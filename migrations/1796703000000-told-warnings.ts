// What a reader of a video, a cut, a track or an upload should know: that the file is damaged, that a range was clipped, which cues lie outside, why a try failed.
import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
ALTER TABLE videos ADD COLUMN warnings jsonb NOT NULL DEFAULT '[]';
ALTER TABLE cuts ADD COLUMN warnings jsonb NOT NULL DEFAULT '[]';
ALTER TABLE uploads ADD COLUMN last_error jsonb;
COMMENT ON COLUMN uploads.last_error IS 'Why its last try failed: {code, message}; it may be tried again.';
ALTER TABLE tracks ADD COLUMN outside integer NOT NULL DEFAULT 0 CHECK (outside >= 0);
`;

const DOWN = `
ALTER TABLE tracks DROP COLUMN outside;
ALTER TABLE uploads DROP COLUMN last_error;
ALTER TABLE cuts DROP COLUMN warnings;
ALTER TABLE videos DROP COLUMN warnings;
`;

export class ToldWarnings1796703000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
