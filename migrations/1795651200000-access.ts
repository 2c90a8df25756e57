// Who may do what: keys of the API, the tenant of each video; answers that are given again, and how fast each key may ask.
import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
CREATE TABLE api_keys (
  id           uuid PRIMARY KEY,
  tenant_id    text NOT NULL,
  name         text NOT NULL,
  scopes       text[] NOT NULL CHECK (cardinality(scopes) > 0 AND scopes <@ ARRAY['videos:read', 'videos:write', 'webhooks:manage', 'admin']),
  prefix       text NOT NULL,
  hash         text NOT NULL CHECK (hash ~ '^[0-9a-f]{64}$'),
  created_at   timestamptz NOT NULL DEFAULT now(),
  expires_at   timestamptz,
  revoked_at   timestamptz,
  last_used_at timestamptz
);
COMMENT ON COLUMN api_keys.prefix IS 'The part of the key that is no secret.';
COMMENT ON COLUMN api_keys.hash IS 'HMAC-SHA256 of the whole key under the pepper, which is not in this database.';

ALTER TABLE videos ADD COLUMN tenant_id text NOT NULL DEFAULT 'default';
COMMENT ON COLUMN videos.tenant_id IS 'Whom the video belongs to, with everything that hangs on it.';
CREATE INDEX videos_of_tenant ON videos (tenant_id, id);

CREATE TABLE idempotency_keys (
  tenant_id    text NOT NULL,
  caller       text NOT NULL,
  key          text NOT NULL,
  route        text NOT NULL,
  body_digest  text,
  lock_token   uuid NOT NULL,
  locked_until timestamptz NOT NULL,
  answer       bytea,
  created_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, caller, key)
);
COMMENT ON COLUMN idempotency_keys.caller IS 'Id of the API key; empty where none was needed.';
COMMENT ON COLUMN idempotency_keys.body_digest IS 'Null while a form is being received.';
COMMENT ON COLUMN idempotency_keys.answer IS 'Sealed under the pepper, as it may hold a secret; null until there is one.';
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

CREATE UNLOGGED TABLE rate_buckets (
  id         text PRIMARY KEY,
  tokens     double precision NOT NULL,
  updated_at timestamptz NOT NULL
);
COMMENT ON TABLE rate_buckets IS 'Requests that a key may still send at once. Lost with a crash of the server: everybody begins with a full bucket then.';
`;

const DOWN = `
ALTER TABLE videos DROP COLUMN tenant_id;
DROP TABLE api_keys, idempotency_keys, rate_buckets;
`;

export class Access1795651200000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
