// Cuts: clip lists rendered to MP4 files; proxies: copies of videos that every browser plays.
import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
CREATE TABLE cuts (
  id            uuid PRIMARY KEY,
  tenant_id     text NOT NULL,
  name          text NOT NULL,
  files_wanted  text NOT NULL CHECK (files_wanted IN ('one', 'each')),
  width         integer NOT NULL CHECK (width > 0),
  height        integer NOT NULL CHECK (height > 0),
  seconds       double precision NOT NULL CHECK (seconds > 0),
  seconds_done  double precision NOT NULL DEFAULT 0 CHECK (seconds_done >= 0),
  status        text NOT NULL CHECK (status IN ('queued', 'processing', 'ready', 'failed', 'canceled')),
  error_code    text,
  error_message text,
  traceparent   text,
  attempt       integer NOT NULL DEFAULT 0 CHECK (attempt >= 0),
  lease_owner   text,
  lease_token   bigint NOT NULL DEFAULT 0,
  lease_until   timestamptz,
  not_before    timestamptz,
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now(),
  finished_at   timestamptz,
  CHECK ((status IN ('ready', 'failed', 'canceled')) = (finished_at IS NOT NULL)),
  CHECK ((status = 'failed') = (error_code IS NOT NULL))
);
CREATE INDEX cuts_of_tenant ON cuts (tenant_id, id);
CREATE INDEX cuts_open ON cuts (id) WHERE status IN ('queued', 'processing');
CREATE INDEX cuts_ended ON cuts (finished_at) WHERE finished_at IS NOT NULL;

CREATE TABLE cut_clips (
  cut_id     uuid NOT NULL REFERENCES cuts ON DELETE CASCADE,
  ordinal    integer NOT NULL CHECK (ordinal >= 0),
  video_id   uuid NOT NULL REFERENCES videos ON DELETE CASCADE,
  start_time double precision NOT NULL CHECK (start_time >= 0),
  end_time   double precision NOT NULL,
  text       text,
  PRIMARY KEY (cut_id, ordinal),
  CHECK (end_time > start_time)
);
CREATE INDEX cut_clips_of_video ON cut_clips (video_id);

CREATE TABLE cut_files (
  cut_id      uuid NOT NULL REFERENCES cuts ON DELETE CASCADE,
  ordinal     integer NOT NULL CHECK (ordinal >= 0),
  storage_key text NOT NULL,
  bytes       bigint NOT NULL CHECK (bytes > 0),
  frames      integer NOT NULL CHECK (frames > 0),
  seconds     double precision NOT NULL,
  PRIMARY KEY (cut_id, ordinal)
);

CREATE TABLE proxies (
  id            uuid PRIMARY KEY REFERENCES videos ON DELETE CASCADE,
  seconds_done  double precision NOT NULL DEFAULT 0 CHECK (seconds_done >= 0),
  status        text NOT NULL CHECK (status IN ('queued', 'processing', 'ready', 'failed')),
  storage_key   text,
  bytes         bigint CHECK (bytes > 0),
  width         integer,
  height        integer,
  error_code    text,
  error_message text,
  attempt       integer NOT NULL DEFAULT 0 CHECK (attempt >= 0),
  lease_owner   text,
  lease_token   bigint NOT NULL DEFAULT 0,
  lease_until   timestamptz,
  not_before    timestamptz,
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now(),
  CHECK ((status = 'ready') = (storage_key IS NOT NULL)),
  CHECK ((status = 'failed') = (error_code IS NOT NULL))
);
COMMENT ON COLUMN proxies.id IS 'The video that it is of: every frame at the same second.';
CREATE INDEX proxies_open ON proxies (id) WHERE status IN ('queued', 'processing');

CREATE OR REPLACE VIEW stored_objects AS
  SELECT storage_key AS key, id AS video_id FROM videos
  UNION ALL SELECT work_key, id FROM videos WHERE work_key IS NOT NULL
  UNION ALL SELECT sprite_key, video_id FROM scan_chunks WHERE sprite_key IS NOT NULL
  UNION ALL SELECT medium #>> '{object,key}', NULL
    FROM chat_completions, json_array_elements(request #> '{question,media}') AS medium WHERE medium -> 'object' IS NOT NULL
  UNION ALL SELECT storage_key, id FROM proxies WHERE storage_key IS NOT NULL
  UNION ALL SELECT storage_key, video_id FROM cut_files JOIN (SELECT DISTINCT cut_id, video_id FROM cut_clips) AS clips USING (cut_id);
`;

const DOWN = `
CREATE OR REPLACE VIEW stored_objects AS
  SELECT storage_key AS key, id AS video_id FROM videos
  UNION ALL SELECT work_key, id FROM videos WHERE work_key IS NOT NULL
  UNION ALL SELECT sprite_key, video_id FROM scan_chunks WHERE sprite_key IS NOT NULL
  UNION ALL SELECT medium #>> '{object,key}', NULL
    FROM chat_completions, json_array_elements(request #> '{question,media}') AS medium WHERE medium -> 'object' IS NOT NULL;
DROP TABLE proxies, cut_files, cut_clips, cuts;
`;

export class CutsAndProxies1796515200000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
