// Chunks of scans are claimed by tenants in turns, as windows are.
import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
ALTER TABLE tenant_turns ALTER COLUMN served_at DROP NOT NULL;
ALTER TABLE tenant_turns ADD COLUMN scanned_at timestamptz;
COMMENT ON TABLE tenant_turns IS 'When a window of the tenant was last claimed, and when a chunk of a scan; a tenant without comes first.';
`;

const DOWN = `
DELETE FROM tenant_turns WHERE served_at IS NULL;
ALTER TABLE tenant_turns DROP COLUMN scanned_at;
ALTER TABLE tenant_turns ALTER COLUMN served_at SET NOT NULL;
COMMENT ON TABLE tenant_turns IS 'When a window of the tenant was last claimed; a tenant without a row comes first.';
`;

export class ScanTurnsOfTenants1796710000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
