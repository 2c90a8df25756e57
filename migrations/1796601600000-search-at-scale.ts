// A million segments and thousands of open tasks: whose a segment is, and which analysis of a video is read, stand in the rows themselves; claims
// find whose turn it is by indexes.
import type { MigrationInterface, QueryRunner } from 'typeorm';

const CURRENT_TASK = `
-- Finished before running before the rest; of these those that cover nearly as much as the longest, so that a look at a part hides no analysis
-- of the whole; of these those that describe events; of these the newest.
CREATE FUNCTION current_task_of(video uuid) RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT id FROM (
    SELECT id, status = 'ready' AS ready, status IN ('queued', 'processing') AS running, end_time - start_time AS span,
           max(end_time - start_time) OVER (PARTITION BY status = 'ready', status IN ('queued', 'processing')) AS longest,
           request -> 'segmentDefinitions' IS NULL AND request -> 'responseSchema' IS NULL AS events
      FROM tasks WHERE video_id = video) AS analysis
   ORDER BY ready DESC, running DESC, (span >= 0.9 * longest) DESC, events DESC, id DESC LIMIT 1
$$;

ALTER TABLE videos ADD COLUMN current_task_id uuid;
COMMENT ON COLUMN videos.current_task_id IS 'The analysis that is read where none is named; triggers of tasks keep it.';
UPDATE videos SET current_task_id = current_task_of(id);

-- Locks first and looks then: of two analyses that end at once, the later look sees both.
CREATE FUNCTION keep_current_task(changed uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM videos WHERE id = ANY (changed) ORDER BY id FOR NO KEY UPDATE;
  UPDATE videos SET current_task_id = current_task_of(id) WHERE id = ANY (changed) AND current_task_id IS DISTINCT FROM current_task_of(id);
END $$;

CREATE FUNCTION task_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM keep_current_task(ARRAY(SELECT DISTINCT video_id FROM came));
  RETURN NULL;
END $$;
CREATE TRIGGER tasks_came AFTER INSERT ON tasks REFERENCING NEW TABLE AS came FOR EACH STATEMENT EXECUTE FUNCTION task_came();

CREATE FUNCTION task_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM keep_current_task(ARRAY[NEW.video_id]);
  RETURN NULL;
END $$;
CREATE TRIGGER tasks_changed AFTER UPDATE OF status, start_time, end_time ON tasks FOR EACH ROW
  WHEN ((OLD.status = 'ready') <> (NEW.status = 'ready') OR (OLD.status IN ('queued', 'processing')) <> (NEW.status IN ('queued', 'processing'))
     OR OLD.start_time <> NEW.start_time OR OLD.end_time <> NEW.end_time)
  EXECUTE FUNCTION task_changed();
`;

const TENANTS = `
DROP INDEX segments_search; -- made anew: every row is written
DROP INDEX IF EXISTS segments_trigrams; -- of a million texts it names too many for any question
ALTER TABLE segments ADD COLUMN tenant_id text;
UPDATE segments SET tenant_id = videos.tenant_id FROM videos WHERE videos.id = segments.video_id;
ALTER TABLE segments ALTER COLUMN tenant_id SET NOT NULL;
COMMENT ON COLUMN segments.tenant_id IS 'That of the video, which never changes.';
CREATE FUNCTION segment_of_tenant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.tenant_id := COALESCE((SELECT tenant_id FROM videos WHERE id = NEW.video_id), ''); -- of no video: the foreign key refuses it
  RETURN NEW;
END $$;
CREATE TRIGGER segments_of_tenant BEFORE INSERT ON segments FOR EACH ROW EXECUTE FUNCTION segment_of_tenant();
CREATE INDEX segments_newest ON segments (tenant_id, id);
CREATE INDEX segments_search ON segments USING gin (search);
ALTER TABLE segments ALTER COLUMN search SET STATISTICS 300; -- how frequent a word is decides how it is looked for

ALTER TABLE segment_vectors ADD COLUMN tenant_id text, ADD COLUMN written xid8 NOT NULL DEFAULT pg_current_xact_id();
UPDATE segment_vectors SET tenant_id = segments.tenant_id FROM segments WHERE segments.id = segment_id;
ALTER TABLE segment_vectors ALTER COLUMN tenant_id SET NOT NULL;
COMMENT ON COLUMN segment_vectors.written IS 'The transaction: whoever has read all before some transaction reads on from there.';
CREATE INDEX segment_vectors_written ON segment_vectors (tenant_id, model, written, segment_id);
`;

/** A claim looks at tasks in their turns, and of each at what is still open, not at all that is done. */
const CLAIMS = `
CREATE INDEX tasks_in_turn ON tasks (priority, served_at NULLS FIRST, id) WHERE status = 'processing';
CREATE INDEX windows_open ON windows (task_id, ordinal) WHERE status IN ('queued', 'processing');
CREATE INDEX scan_chunks_open ON scan_chunks (video_id, ordinal) WHERE status IN ('queued', 'processing');
`;

/** Where the server offers it and the role may switch it on, an index of its own finds the nearest vectors. */
const VECTORS = `
DO $$
BEGIN
  CREATE EXTENSION IF NOT EXISTS vector;
EXCEPTION WHEN OTHERS THEN
  RAISE NOTICE 'pgvector is not available: each process that searches keeps an index of its own (%)', SQLERRM;
END $$
`;

const DOWN = `
DO $$
DECLARE
  nearest text;
BEGIN
  FOR nearest IN SELECT indexname FROM pg_indexes WHERE tablename = 'segment_vectors' AND indexname LIKE 'segment\\_vectors\\_nearest\\_%' LOOP
    EXECUTE format('DROP INDEX %I', nearest);
  END LOOP;
END $$;
DO $$
BEGIN
  CREATE INDEX segments_trigrams ON segments USING gin (text gin_trgm_ops);
EXCEPTION WHEN OTHERS THEN
  RAISE NOTICE 'pg_trgm is not available (%)', SQLERRM;
END $$;
DROP INDEX scan_chunks_open, windows_open, tasks_in_turn;
ALTER TABLE segments ALTER COLUMN search SET STATISTICS -1;
DROP INDEX segment_vectors_written;
ALTER TABLE segment_vectors DROP COLUMN written, DROP COLUMN tenant_id;
DROP INDEX segments_newest;
DROP TRIGGER segments_of_tenant ON segments;
DROP FUNCTION segment_of_tenant;
ALTER TABLE segments DROP COLUMN tenant_id;
DROP TRIGGER tasks_came ON tasks;
DROP TRIGGER tasks_changed ON tasks;
DROP FUNCTION task_came, task_changed, keep_current_task;
ALTER TABLE videos DROP COLUMN current_task_id;
DROP FUNCTION current_task_of;
`;

export class SearchAtScale1796601600000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(CURRENT_TASK);
    await queryRunner.query(TENANTS);
    await queryRunner.query(CLAIMS);
    await queryRunner.query(VECTORS);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
