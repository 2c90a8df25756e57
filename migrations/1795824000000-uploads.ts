// Uploads: videos that arrive in pieces, by URL or in a watched folder, and what became of them; the same bytes are one video of a tenant.
import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
CREATE TABLE uploads (
  id            uuid PRIMARY KEY,
  tenant_id     text NOT NULL,
  source        text NOT NULL CHECK (source IN ('tus', 'url', 'folder')),
  name          text NOT NULL,
  location      text,
  metadata      jsonb NOT NULL DEFAULT '{}',
  bytes         bigint CHECK (bytes >= 0),
  validator     text,
  status        text NOT NULL CHECK (status IN ('receiving', 'queued', 'processing', 'ready', 'failed', 'canceled')),
  video_id      uuid REFERENCES videos ON DELETE SET NULL,
  duplicate     boolean NOT NULL DEFAULT false,
  error_code    text,
  error_message text,
  attempt       integer NOT NULL DEFAULT 0 CHECK (attempt >= 0),
  lease_owner   text,
  lease_token   bigint NOT NULL DEFAULT 0,
  lease_until   timestamptz,
  not_before    timestamptz,
  begun_at      timestamptz,
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now(),
  finished_at   timestamptz,
  CHECK ((status = 'receiving') <= (source = 'tus')),
  CHECK ((location IS NULL) = (source = 'tus')),
  CHECK ((status IN ('ready', 'failed', 'canceled')) = (finished_at IS NOT NULL)),
  CHECK ((status = 'failed') = (error_code IS NOT NULL))
);
COMMENT ON COLUMN uploads.location IS 'The URL, or the path with size and time of change of the file, that it comes from.';
COMMENT ON COLUMN uploads.metadata IS 'As the client of a resumable upload gave it.';
COMMENT ON COLUMN uploads.bytes IS 'Of the whole video, where that is known; how many have arrived the part itself tells.';
COMMENT ON COLUMN uploads.validator IS 'ETag or time of change by which the source is known to be the same when it is gone on with.';
CREATE INDEX uploads_of_tenant ON uploads (tenant_id, id);
CREATE INDEX uploads_open ON uploads (id) WHERE status IN ('receiving', 'queued', 'processing');
CREATE INDEX uploads_of_video ON uploads (video_id) WHERE video_id IS NOT NULL;
CREATE UNIQUE INDEX uploads_from_folder ON uploads (tenant_id, location) WHERE source = 'folder';

-- Videos that were the same before remain; of each, the newest stands for its bytes.
ALTER TABLE videos ADD COLUMN stands_for_bytes boolean NOT NULL DEFAULT true;
COMMENT ON COLUMN videos.stands_for_bytes IS 'False for a copy from the time when the same bytes could be several videos, and where the bytes are to be removed.';
UPDATE videos SET stands_for_bytes = false
 WHERE EXISTS (SELECT 1 FROM videos newer WHERE newer.tenant_id = videos.tenant_id AND newer.sha256 = videos.sha256 AND newer.status = 'ready' AND newer.id > videos.id);
CREATE UNIQUE INDEX videos_by_bytes ON videos (tenant_id, sha256) WHERE status = 'ready' AND stands_for_bytes;
`;

const DOWN = `
DROP INDEX videos_by_bytes;
ALTER TABLE videos DROP COLUMN stands_for_bytes;
DROP TABLE uploads;
`;

export class Uploads1795824000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
