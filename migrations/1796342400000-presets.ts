// Presets: kinds of segments under a name, to be looked for again.
import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
CREATE TABLE presets (
  id                  uuid PRIMARY KEY,
  tenant_id           text NOT NULL,
  name                text NOT NULL,
  segment_definitions json NOT NULL,
  version             integer NOT NULL DEFAULT 1,
  created_at          timestamptz NOT NULL DEFAULT now(),
  updated_at          timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT presets_by_name UNIQUE (tenant_id, name)
);
COMMENT ON COLUMN presets.version IS 'Counts the changes: whoever changes what they have read says which version that was.';
CREATE INDEX presets_of_tenant ON presets (tenant_id, id);
`;

const DOWN = `DROP TABLE presets`;

export class Presets1796342400000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
