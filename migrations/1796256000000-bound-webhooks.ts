// Webhooks of one task or batch, found by what they are bound to.
import { type MigrationInterface, type QueryRunner } from 'typeorm';

export class BoundWebhooks1796256000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('CREATE INDEX webhook_endpoints_bound ON webhook_endpoints (subject_id) WHERE subject_id IS NOT NULL');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX webhook_endpoints_bound');
  }
}
