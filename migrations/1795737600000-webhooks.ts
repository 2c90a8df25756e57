// Being told: endpoints, messages written with the changes they tell of, deliveries with their attempts; standing alerts and what they found.
import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
CREATE TABLE webhook_endpoints (
  id                    uuid PRIMARY KEY,
  tenant_id             text NOT NULL,
  subject_id            uuid,
  url                   text NOT NULL,
  description           text NOT NULL DEFAULT '',
  events                text[],
  enabled               boolean NOT NULL DEFAULT true,
  disabled_reason       text CHECK (disabled_reason IN ('gone', 'failing')),
  disabled_at           timestamptz,
  secret                text NOT NULL,
  previous_secret       text,
  previous_secret_until timestamptz,
  failing_since         timestamptz,
  last_success_at       timestamptz,
  paused_until          timestamptz,
  attempt               integer NOT NULL DEFAULT 0,
  lease_owner           text,
  lease_token           bigint NOT NULL DEFAULT 0,
  lease_until           timestamptz,
  not_before            timestamptz,
  created_at            timestamptz NOT NULL DEFAULT now(),
  updated_at            timestamptz NOT NULL DEFAULT now(),
  CHECK (NOT enabled OR disabled_reason IS NULL),
  CHECK ((previous_secret IS NULL) = (previous_secret_until IS NULL))
);
COMMENT ON TABLE webhook_endpoints IS 'The lease is held by whoever sends to the endpoint: one request at a time.';
COMMENT ON COLUMN webhook_endpoints.subject_id IS 'The task or batch that was begun with it, and that it is told of alone; null: all of the tenant.';
COMMENT ON COLUMN webhook_endpoints.events IS 'Null: all.';
COMMENT ON COLUMN webhook_endpoints.secret IS 'Encrypted under a key that is not in this database; so is previous_secret.';
COMMENT ON COLUMN webhook_endpoints.failing_since IS 'First failure since the last success.';
CREATE INDEX webhook_endpoints_of_tenant ON webhook_endpoints (tenant_id, id);

CREATE TABLE webhook_messages (
  id         uuid PRIMARY KEY,
  tenant_id  text NOT NULL,
  video_id   uuid REFERENCES videos ON DELETE CASCADE,
  type       text NOT NULL,
  body       text NOT NULL CHECK (octet_length(body) <= 20480),
  created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE webhook_messages IS 'Written in the transaction of the change that it tells of, where an endpoint wants to know.';
CREATE INDEX webhook_messages_of_video ON webhook_messages (video_id) WHERE video_id IS NOT NULL;
CREATE INDEX webhook_messages_by_age ON webhook_messages (created_at);

CREATE TABLE webhook_deliveries (
  id              uuid PRIMARY KEY,
  tenant_id       text NOT NULL,
  endpoint_id     uuid NOT NULL REFERENCES webhook_endpoints ON DELETE CASCADE,
  message_id      uuid NOT NULL REFERENCES webhook_messages ON DELETE CASCADE,
  status          text NOT NULL CHECK (status IN ('pending', 'delivered', 'failed')),
  attempts        integer NOT NULL DEFAULT 0,
  round_began_at  integer NOT NULL DEFAULT 0 CHECK (round_began_at <= attempts),
  next_attempt_at timestamptz,
  created_at      timestamptz NOT NULL DEFAULT now(),
  finished_at     timestamptz,
  UNIQUE (endpoint_id, message_id),
  CHECK ((status = 'pending') = (next_attempt_at IS NOT NULL)),
  CHECK ((status = 'pending') = (finished_at IS NULL))
);
COMMENT ON COLUMN webhook_deliveries.round_began_at IS 'Attempts that were made before it was asked for again: the schedule counts from there.';
CREATE INDEX webhook_deliveries_of_message ON webhook_deliveries (message_id);
CREATE INDEX webhook_deliveries_in_order ON webhook_deliveries (endpoint_id, id);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint_id, next_attempt_at) WHERE status = 'pending';

CREATE TABLE webhook_attempts (
  delivery_id uuid NOT NULL REFERENCES webhook_deliveries ON DELETE CASCADE,
  number      integer NOT NULL CHECK (number > 0),
  began_at    timestamptz NOT NULL,
  duration_ms integer NOT NULL CHECK (duration_ms >= 0),
  status_code integer,
  error_code  text,
  response    text NOT NULL DEFAULT '',
  PRIMARY KEY (delivery_id, number),
  CHECK (status_code IS NOT NULL OR error_code IS NOT NULL)
);

ALTER TABLE tasks ADD COLUMN progress_told_at timestamptz;

CREATE TABLE alerts (
  id             uuid PRIMARY KEY,
  tenant_id      text NOT NULL,
  query          text NOT NULL,
  min_confidence double precision NOT NULL DEFAULT 0 CHECK (min_confidence BETWEEN 0 AND 1),
  filter         jsonb NOT NULL DEFAULT '{}',
  enabled        boolean NOT NULL DEFAULT true,
  created_at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX tasks_ready ON tasks (finished_at) WHERE status = 'ready';
CREATE INDEX alerts_of_tenant ON alerts (tenant_id, id);

CREATE TABLE alert_questions (
  alert_id        uuid NOT NULL REFERENCES alerts ON DELETE CASCADE,
  video_id        uuid NOT NULL REFERENCES videos ON DELETE CASCADE,
  moment_query_id uuid REFERENCES moment_queries ON DELETE CASCADE,
  status          text NOT NULL CHECK (status IN ('asked', 'answered', 'failed', 'left_out')),
  PRIMARY KEY (alert_id, video_id)
);
COMMENT ON TABLE alert_questions IS 'Every video that an alert was put to, once; left_out: its filter does not want it.';
CREATE INDEX alert_questions_of_video ON alert_questions (video_id);
CREATE INDEX alert_questions_open ON alert_questions (moment_query_id) WHERE status = 'asked';

CREATE TABLE alert_matches (
  id              uuid PRIMARY KEY,
  tenant_id       text NOT NULL,
  alert_id        uuid NOT NULL REFERENCES alerts ON DELETE CASCADE,
  video_id        uuid NOT NULL REFERENCES videos ON DELETE CASCADE,
  moment_query_id uuid NOT NULL,
  start_time      double precision NOT NULL CHECK (start_time >= 0),
  end_time        double precision NOT NULL CHECK (end_time >= start_time),
  confidence      double precision NOT NULL CHECK (confidence BETWEEN 0 AND 1),
  created_at      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX alert_matches_in_order ON alert_matches (alert_id, id);
CREATE INDEX alert_matches_of_video ON alert_matches (video_id);
`;

const DOWN = `
DROP TABLE alert_matches, alert_questions, alerts;
DROP INDEX tasks_ready;
ALTER TABLE tasks DROP COLUMN progress_told_at;
DROP TABLE webhook_attempts, webhook_deliveries, webhook_messages, webhook_endpoints;
`;

export class Webhooks1795737600000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
