// The scan of a video in chunks, the stream it is decoded from, its tracks; windows planned section by section; text search of segments.
import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
ALTER TABLE videos
  ADD COLUMN work_key    text UNIQUE,
  ADD COLUMN recorded_at timestamptz;
COMMENT ON COLUMN videos.work_key IS 'Storage key of the copy that is decoded where the upload has a container without an index; null: the upload itself.';
COMMENT ON COLUMN videos.recorded_at IS 'Wall clock at second 0, where the file tells it.';

CREATE INDEX videos_by_content ON videos (sha256);

CREATE TABLE video_streams (
  video_id   uuid PRIMARY KEY REFERENCES videos ON DELETE CASCADE,
  work_key   text,
  stream     jsonb NOT NULL,
  origin_pts double precision NOT NULL,
  end_pts    double precision NOT NULL,
  pts        bytea NOT NULL,
  keyframes  bytea NOT NULL
);
COMMENT ON TABLE video_streams IS 'The stream that is decoded, with the presentation time of each of its frames: distances between them as float64, deflated.';
COMMENT ON COLUMN video_streams.work_key IS 'Of which file: that of videos.work_key.';

CREATE TABLE scans (
  id            uuid PRIMARY KEY REFERENCES videos ON DELETE CASCADE,
  status        text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'processing', 'ready', 'failed')),
  stage         text NOT NULL DEFAULT 'begin' CHECK (stage IN ('begin', 'chunks', 'finish', 'done')),
  chunks_total  integer NOT NULL DEFAULT 0 CHECK (chunks_total >= 0),
  chunks_done   integer NOT NULL DEFAULT 0 CHECK (chunks_done BETWEEN 0 AND chunks_total),
  warnings      jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(warnings) = 'array'),
  error_code    text,
  error_message text,
  served_at     timestamptz,
  attempt       integer NOT NULL DEFAULT 0 CHECK (attempt >= 0),
  lease_owner   text,
  lease_token   bigint NOT NULL DEFAULT 0,
  lease_until   timestamptz,
  not_before    timestamptz,
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now(),
  finished_at   timestamptz,
  CHECK ((status IN ('ready', 'failed')) = (finished_at IS NOT NULL)),
  CHECK (status <> 'failed' OR error_code IS NOT NULL)
);
COMMENT ON COLUMN scans.id IS 'The video: it has one scan.';
CREATE INDEX scans_unfinished ON scans (lease_until) WHERE status IN ('queued', 'processing');

CREATE TABLE scan_chunks (
  id            uuid PRIMARY KEY,
  video_id      uuid NOT NULL REFERENCES scans ON DELETE CASCADE,
  ordinal       integer NOT NULL CHECK (ordinal >= 0),
  start_time    double precision NOT NULL CHECK (start_time >= 0),
  end_time      double precision NOT NULL CHECK (end_time >= start_time),
  status        text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'processing', 'ready', 'failed')),
  findings      jsonb,
  sprite_key    text UNIQUE,
  sprite        jsonb,
  error_code    text,
  error_message text,
  attempt       integer NOT NULL DEFAULT 0 CHECK (attempt >= 0),
  lease_owner   text,
  lease_token   bigint NOT NULL DEFAULT 0,
  lease_until   timestamptz,
  not_before    timestamptz,
  updated_at    timestamptz NOT NULL DEFAULT now(),
  UNIQUE (video_id, ordinal),
  CHECK (status <> 'ready' OR findings IS NOT NULL),
  CHECK (status <> 'failed' OR error_code IS NOT NULL)
);
CREATE INDEX scan_chunks_unfinished ON scan_chunks (lease_until) WHERE status IN ('queued', 'processing');

CREATE TABLE fingerprints (
  video_id uuid NOT NULL REFERENCES videos ON DELETE CASCADE,
  second   integer NOT NULL CHECK (second >= 0),
  hash     bit(64) NOT NULL,
  PRIMARY KEY (video_id, second)
);

CREATE TABLE tracks (
  id         uuid PRIMARY KEY,
  video_id   uuid NOT NULL REFERENCES videos ON DELETE CASCADE,
  kind       text NOT NULL CHECK (kind IN ('embedded', 'sidecar', 'chapters')),
  name       text NOT NULL,
  language   text,
  cues       integer NOT NULL CHECK (cues >= 0),
  broken     integer NOT NULL DEFAULT 0 CHECK (broken >= 0),
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX tracks_of_video ON tracks (video_id, id);

CREATE VIEW stored_objects AS
  SELECT storage_key AS key, id AS video_id FROM videos
  UNION ALL SELECT work_key, id FROM videos WHERE work_key IS NOT NULL
  UNION ALL SELECT sprite_key, video_id FROM scan_chunks WHERE sprite_key IS NOT NULL;
COMMENT ON VIEW stored_objects IS 'Every object of the storage that is somebody''s.';

-- What was measured belongs to the video from now on: its scan measures it again.
DELETE FROM segments WHERE source = 'signal';
ALTER TABLE segments
  DROP CONSTRAINT segments_task_id_source_window_ordinal_ordinal_key,
  DROP CONSTRAINT segments_source_check,
  ALTER COLUMN task_id DROP NOT NULL,
  ADD COLUMN track_id uuid REFERENCES tracks ON DELETE CASCADE,
  ADD COLUMN fields jsonb,
  ADD COLUMN search tsvector GENERATED ALWAYS AS (to_tsvector('english'::regconfig, text) || to_tsvector('simple'::regconfig, text)) STORED,
  ADD CONSTRAINT segments_source_check CHECK (source IN ('model', 'signal', 'track')),
  ADD CONSTRAINT segments_task_of_model CHECK ((source = 'model') = (task_id IS NOT NULL)),
  ADD CONSTRAINT segments_place UNIQUE NULLS NOT DISTINCT (video_id, task_id, track_id, source, window_ordinal, ordinal);
COMMENT ON COLUMN segments.task_id IS 'The analysis that described the event; null for what belongs to the video: signals and tracks.';
COMMENT ON COLUMN segments.window_ordinal IS 'The window, or of a signal the chunk, that reported the segment; null once merged.';
CREATE INDEX segments_of_task ON segments (task_id) WHERE task_id IS NOT NULL;
CREATE INDEX segments_search ON segments USING gin (search);

ALTER TABLE tasks
  ADD COLUMN priority      smallint NOT NULL DEFAULT 1 CHECK (priority BETWEEN 0 AND 2),
  ADD COLUMN planned_until double precision CHECK (planned_until >= 0),
  ADD COLUMN not_before    timestamptz,
  ADD COLUMN served_at     timestamptz,
  ADD COLUMN started_at    timestamptz;
COMMENT ON COLUMN tasks.priority IS '0 before 1 before 2.';
COMMENT ON COLUMN tasks.planned_until IS 'Windows exist for everything before this second.';
ALTER TABLE tasks DROP CONSTRAINT tasks_stage_check;
UPDATE tasks SET stage = 'scan' WHERE stage = 'plan';
ALTER TABLE tasks ADD CONSTRAINT tasks_stage_check CHECK (stage IN ('queued', 'scan', 'windows', 'done'));
ALTER TABLE moment_queries ADD COLUMN not_before timestamptz;
COMMENT ON COLUMN tasks.served_at IS 'When a window of it was last begun: tasks of one priority take turns.';

ALTER TABLE windows
  ADD COLUMN sampling jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN why      jsonb NOT NULL DEFAULT '{}';
UPDATE windows SET sampling = jsonb_build_object('fps', fps);
ALTER TABLE windows DROP COLUMN fps;
`;

/** Similarity of words helps the search where the server offers it and the role may switch it on. */
const TRIGRAMS = `
DO $$
BEGIN
  CREATE EXTENSION IF NOT EXISTS pg_trgm;
  CREATE INDEX segments_trigrams ON segments USING gin (text gin_trgm_ops);
EXCEPTION WHEN OTHERS THEN
  RAISE NOTICE 'pg_trgm is not available: text search goes without it (%)', SQLERRM;
END $$
`;

const DOWN = `
ALTER TABLE windows ADD COLUMN fps double precision;
UPDATE windows SET fps = COALESCE((sampling ->> 'fps')::double precision, 2);
ALTER TABLE windows DROP COLUMN why, DROP COLUMN sampling, ALTER COLUMN fps SET NOT NULL, ADD CHECK (fps > 0);
ALTER TABLE moment_queries DROP COLUMN not_before;
ALTER TABLE tasks DROP CONSTRAINT tasks_stage_check, ADD CONSTRAINT tasks_stage_check CHECK (stage IN ('queued', 'scan', 'plan', 'windows', 'done'));
ALTER TABLE tasks DROP COLUMN not_before, DROP COLUMN started_at, DROP COLUMN served_at, DROP COLUMN planned_until, DROP COLUMN priority;
DELETE FROM segments WHERE task_id IS NULL;
DROP INDEX IF EXISTS segments_trigrams;
DROP INDEX segments_search, segments_of_task;
ALTER TABLE segments
  DROP CONSTRAINT segments_place,
  DROP CONSTRAINT segments_task_of_model,
  DROP CONSTRAINT segments_source_check,
  DROP COLUMN search,
  DROP COLUMN fields,
  DROP COLUMN track_id,
  ALTER COLUMN task_id SET NOT NULL,
  ADD CONSTRAINT segments_source_check CHECK (source IN ('model', 'signal')),
  ADD CONSTRAINT segments_task_id_source_window_ordinal_ordinal_key UNIQUE NULLS NOT DISTINCT (task_id, source, window_ordinal, ordinal);
DROP VIEW stored_objects;
DROP TABLE tracks, fingerprints, scan_chunks, scans, video_streams;
DROP INDEX videos_by_content;
ALTER TABLE videos DROP COLUMN recorded_at, DROP COLUMN work_key;
`;

export class Scans1795478400000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
    await queryRunner.query(TRIGRAMS);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
