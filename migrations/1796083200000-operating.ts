// Operating it: totals of what was done, the age at which a tenant's videos go, and the trace that work belongs to.
import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
CREATE TABLE metric_totals (
  name   text NOT NULL,
  labels jsonb NOT NULL,
  value  double precision NOT NULL CHECK (value >= 0),
  PRIMARY KEY (name, labels)
);
COMMENT ON TABLE metric_totals IS 'What all processes did since the beginning: each adds what it did every few seconds.';

CREATE TABLE retention_rules (
  tenant_id    text PRIMARY KEY,
  content_days double precision CHECK (content_days > 0),
  video_days   double precision CHECK (video_days > 0),
  updated_at   timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE retention_rules IS 'Tenants with ages of their own; null: for ever. The configuration holds for the others.';

ALTER TABLE videos
  ADD COLUMN content_removed_at timestamptz,
  ADD COLUMN traceparent text;
COMMENT ON COLUMN videos.content_removed_at IS 'When its bytes and pictures were removed; segments and answers stay.';
CREATE INDEX videos_by_age ON videos (created_at) WHERE status = 'ready';
ALTER TABLE tasks ADD COLUMN traceparent text;
ALTER TABLE moment_queries ADD COLUMN traceparent text;
ALTER TABLE webhook_messages ADD COLUMN traceparent text;
`;

const DOWN = `
ALTER TABLE webhook_messages DROP COLUMN traceparent;
ALTER TABLE moment_queries DROP COLUMN traceparent;
ALTER TABLE tasks DROP COLUMN traceparent;
DROP INDEX videos_by_age;
ALTER TABLE videos DROP COLUMN traceparent, DROP COLUMN content_removed_at;
DROP TABLE retention_rules, metric_totals;
`;

export class Operating1796083200000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
