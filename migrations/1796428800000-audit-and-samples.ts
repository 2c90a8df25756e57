// Who changed what and when, and how the installation was over the last days.
import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
CREATE TABLE audit_events (
  id            uuid PRIMARY KEY,
  created_at    timestamptz NOT NULL DEFAULT now(),
  actor         text NOT NULL CHECK (actor IN ('key', 'local', 'service')),
  key_id        uuid,
  key_name      text,
  tenant_id     text NOT NULL,
  action        text NOT NULL,
  subject_type  text NOT NULL,
  subject_id    text NOT NULL,
  details       jsonb NOT NULL DEFAULT '{}',
  address       text,
  forwarded_for text,
  request_id    text
);
COMMENT ON TABLE audit_events IS 'What was changed, written in the transaction that changed it.';
COMMENT ON COLUMN audit_events.actor IS 'local: nobody was asked for a key; service: nobody asked for it, as when a retention rule deletes a video.';
COMMENT ON COLUMN audit_events.tenant_id IS 'Whose the subject is.';
COMMENT ON COLUMN audit_events.forwarded_for IS 'What the request said of where it came from: true where a proxy of ours wrote it.';
CREATE INDEX audit_by_action ON audit_events (action, id);
CREATE INDEX audit_by_key ON audit_events (key_id, id);
CREATE INDEX audit_by_subject ON audit_events (subject_id, id);
CREATE INDEX audit_by_age ON audit_events (created_at);

CREATE TABLE metric_samples (
  at     timestamptz PRIMARY KEY,
  "values" jsonb NOT NULL
);
COMMENT ON TABLE metric_samples IS 'The lines of the charts every few seconds, for the last days.';
`;

const DOWN = `DROP TABLE metric_samples, audit_events`;

export class AuditAndSamples1796428800000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
