// Who may do what: keys of the API, the tenant of each video.
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
`;

const DOWN = `
ALTER TABLE videos DROP COLUMN tenant_id;
DROP TABLE api_keys;
`;

export class Access1795651200000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
