// The first schema: videos, tasks, their windows and segments, questions and their moments, workers.
import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
CREATE TABLE videos (
  id            uuid PRIMARY KEY,
  name          text NOT NULL,
  bytes         bigint NOT NULL CHECK (bytes >= 0),
  sha256        text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  storage_key   text NOT NULL UNIQUE,
  status        text NOT NULL DEFAULT 'ready' CHECK (status IN ('ready', 'deleting')),
  container     text NOT NULL,
  codec         text NOT NULL,
  width         integer NOT NULL CHECK (width > 0),
  height        integer NOT NULL CHECK (height > 0),
  rotation      integer NOT NULL DEFAULT 0 CHECK (rotation IN (0, 90, 180, 270)),
  frame_rate    double precision CHECK (frame_rate > 0),
  time_base_num integer NOT NULL CHECK (time_base_num > 0),
  time_base_den integer NOT NULL CHECK (time_base_den > 0),
  stream_index  integer NOT NULL CHECK (stream_index >= 0),
  start_time    double precision NOT NULL,
  duration      double precision NOT NULL CHECK (duration >= 0),
  decoded_until double precision CHECK (decoded_until >= 0),
  has_audio     boolean NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN videos.start_time IS 'Presentation time of the first frame on the clock of the file, seconds. Every other time in this schema counts from that frame.';
CREATE INDEX videos_deleting ON videos (id) WHERE status = 'deleting';

CREATE TABLE tasks (
  id               uuid PRIMARY KEY,
  video_id         uuid NOT NULL REFERENCES videos ON DELETE CASCADE,
  status           text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'processing', 'ready', 'failed', 'canceled')),
  stage            text NOT NULL DEFAULT 'queued' CHECK (stage IN ('queued', 'scan', 'plan', 'windows', 'done')),
  request          jsonb NOT NULL DEFAULT '{}',
  start_time       double precision NOT NULL CHECK (start_time >= 0),
  end_time         double precision NOT NULL CHECK (end_time >= start_time),
  windows_total    integer NOT NULL DEFAULT 0 CHECK (windows_total >= 0),
  windows_done     integer NOT NULL DEFAULT 0 CHECK (windows_done BETWEEN 0 AND windows_total),
  processed_until  double precision CHECK (processed_until >= 0),
  unparsed         integer NOT NULL DEFAULT 0 CHECK (unparsed >= 0),
  warnings         jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(warnings) = 'array'),
  error_code       text,
  error_message    text,
  model_name       text,
  model_hash       text,
  attempt          integer NOT NULL DEFAULT 0 CHECK (attempt >= 0),
  lease_owner      text,
  lease_token      bigint NOT NULL DEFAULT 0,
  lease_until      timestamptz,
  created_at       timestamptz NOT NULL DEFAULT now(),
  updated_at       timestamptz NOT NULL DEFAULT now(),
  finished_at      timestamptz,
  CHECK ((status IN ('ready', 'failed', 'canceled')) = (finished_at IS NOT NULL)),
  CHECK (status <> 'failed' OR error_code IS NOT NULL)
);
CREATE INDEX tasks_of_video ON tasks (video_id, id);
CREATE INDEX tasks_unfinished ON tasks (lease_until) WHERE status IN ('queued', 'processing');

CREATE TABLE windows (
  id            uuid PRIMARY KEY,
  task_id       uuid NOT NULL REFERENCES tasks ON DELETE CASCADE,
  ordinal       integer NOT NULL CHECK (ordinal >= 0),
  start_time    double precision NOT NULL CHECK (start_time >= 0),
  end_time      double precision NOT NULL CHECK (end_time >= start_time),
  fps           double precision NOT NULL CHECK (fps > 0),
  status        text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'processing', 'ready', 'failed')),
  attempt       integer NOT NULL DEFAULT 0 CHECK (attempt >= 0),
  lease_owner   text,
  lease_token   bigint NOT NULL DEFAULT 0,
  lease_until   timestamptz,
  not_before    timestamptz,
  result        jsonb,
  unparsed      integer NOT NULL DEFAULT 0 CHECK (unparsed >= 0),
  error_code    text,
  error_message text,
  updated_at    timestamptz NOT NULL DEFAULT now(),
  UNIQUE (task_id, ordinal),
  CHECK (status <> 'ready' OR result IS NOT NULL),
  CHECK (status <> 'failed' OR error_code IS NOT NULL)
);
CREATE INDEX windows_unfinished ON windows (lease_until) WHERE status IN ('queued', 'processing');

CREATE TABLE segments (
  id             uuid PRIMARY KEY,
  video_id       uuid NOT NULL REFERENCES videos ON DELETE CASCADE,
  task_id        uuid NOT NULL REFERENCES tasks ON DELETE CASCADE,
  window_ordinal integer CHECK (window_ordinal >= 0),
  ordinal        integer NOT NULL CHECK (ordinal >= 0),
  start_time     double precision NOT NULL CHECK (start_time >= 0),
  end_time       double precision NOT NULL CHECK (end_time >= start_time),
  type           text NOT NULL,
  text           text NOT NULL,
  confidence     double precision CHECK (confidence BETWEEN 0 AND 1),
  source         text NOT NULL CHECK (source IN ('model', 'signal')),
  evidence       jsonb NOT NULL DEFAULT '{}',
  created_at     timestamptz NOT NULL DEFAULT now(),
  UNIQUE NULLS NOT DISTINCT (task_id, source, window_ordinal, ordinal)
);
COMMENT ON COLUMN segments.window_ordinal IS 'The window that reported the segment while its task runs; null once merged, and for signals.';
CREATE INDEX segments_in_order ON segments (video_id, start_time, id);

CREATE TABLE moment_queries (
  id               uuid PRIMARY KEY,
  video_id         uuid NOT NULL REFERENCES videos ON DELETE CASCADE,
  query            text NOT NULL,
  request          jsonb NOT NULL DEFAULT '{}',
  status           text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'processing', 'ready', 'failed')),
  answer           text CHECK (answer IN ('found', 'not_in_video')),
  searched         jsonb,
  error_code       text,
  error_message    text,
  attempt          integer NOT NULL DEFAULT 0 CHECK (attempt >= 0),
  lease_owner      text,
  lease_token      bigint NOT NULL DEFAULT 0,
  lease_until      timestamptz,
  created_at       timestamptz NOT NULL DEFAULT now(),
  updated_at       timestamptz NOT NULL DEFAULT now(),
  finished_at      timestamptz,
  CHECK ((status IN ('ready', 'failed')) = (finished_at IS NOT NULL)),
  CHECK ((status = 'ready') = (answer IS NOT NULL)),
  CHECK (status <> 'failed' OR error_code IS NOT NULL)
);
CREATE INDEX moment_queries_of_video ON moment_queries (video_id, id);
CREATE INDEX moment_queries_unfinished ON moment_queries (lease_until) WHERE status IN ('queued', 'processing');

CREATE TABLE moments (
  id              uuid PRIMARY KEY,
  moment_query_id uuid NOT NULL REFERENCES moment_queries ON DELETE CASCADE,
  video_id        uuid NOT NULL REFERENCES videos ON DELETE CASCADE,
  rank            integer NOT NULL CHECK (rank >= 1),
  start_time      double precision NOT NULL CHECK (start_time >= 0),
  end_time        double precision NOT NULL CHECK (end_time >= start_time),
  confidence      double precision CHECK (confidence BETWEEN 0 AND 1),
  source          text NOT NULL CHECK (source IN ('model', 'signal')),
  evidence        jsonb NOT NULL DEFAULT '{}',
  created_at      timestamptz NOT NULL DEFAULT now(),
  UNIQUE (moment_query_id, rank)
);
CREATE INDEX moments_of_video ON moments (video_id, start_time, id);

CREATE TABLE workers (
  id            text PRIMARY KEY,
  status        text NOT NULL CHECK (status IN ('ready', 'not_ready')),
  model         jsonb,
  error_code    text,
  error_message text,
  started_at    timestamptz NOT NULL DEFAULT now(),
  seen_at       timestamptz NOT NULL
);
`;

const DOWN = 'DROP TABLE workers, moments, moment_queries, segments, windows, tasks, videos';

export class InitialSchema1795392000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
