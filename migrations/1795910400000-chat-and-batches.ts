// Conversations with the model, each a row that is kept for a while; batches of tasks.
import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
CREATE TABLE chat_completions (
  id            uuid PRIMARY KEY,
  tenant_id     text NOT NULL,
  model         text NOT NULL,
  request       json NOT NULL,
  status        text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'processing', 'ready', 'failed', 'canceled')),
  answer        json,
  error_code    text,
  error_message text,
  deadline      timestamptz NOT NULL,
  attempt       integer NOT NULL DEFAULT 0 CHECK (attempt >= 0),
  lease_owner   text,
  lease_token   bigint NOT NULL DEFAULT 0,
  lease_until   timestamptz,
  not_before    timestamptz,
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now(),
  finished_at   timestamptz,
  CHECK ((status IN ('ready', 'failed', 'canceled')) = (finished_at IS NOT NULL)),
  CHECK ((status = 'ready') = (answer IS NOT NULL)),
  CHECK (status <> 'failed' OR error_code IS NOT NULL)
);
COMMENT ON COLUMN chat_completions.request IS 'json: keys stay in the order in which they were written, as the model is shown and held to them.';
COMMENT ON COLUMN chat_completions.deadline IS 'After this nobody waits for it any more.';
CREATE INDEX chat_completions_unfinished ON chat_completions (lease_until) WHERE status IN ('queued', 'processing');
CREATE INDEX chat_completions_finished ON chat_completions (finished_at) WHERE finished_at IS NOT NULL;

CREATE OR REPLACE VIEW stored_objects AS
  SELECT storage_key AS key, id AS video_id FROM videos
  UNION ALL SELECT work_key, id FROM videos WHERE work_key IS NOT NULL
  UNION ALL SELECT sprite_key, video_id FROM scan_chunks WHERE sprite_key IS NOT NULL
  UNION ALL SELECT medium #>> '{object,key}', NULL
    FROM chat_completions, json_array_elements(request #> '{question,media}') AS medium WHERE medium -> 'object' IS NOT NULL;

CREATE TABLE chat_pieces (
  chat_completion_id uuid NOT NULL REFERENCES chat_completions ON DELETE CASCADE,
  lease_token        bigint NOT NULL,
  first              integer NOT NULL CHECK (first >= 0),
  pieces             jsonb NOT NULL CHECK (jsonb_typeof(pieces) = 'array'),
  PRIMARY KEY (chat_completion_id, lease_token, first)
);
COMMENT ON TABLE chat_pieces IS 'What has been written of an answer that is streamed, until it has ended.';
COMMENT ON COLUMN chat_pieces.lease_token IS 'Whose attempt wrote it.';
COMMENT ON COLUMN chat_pieces.first IS 'Place of the first of these pieces in the answer.';

CREATE TABLE task_batches (
  id           uuid PRIMARY KEY,
  tenant_id    text NOT NULL,
  items_total  integer NOT NULL CHECK (items_total BETWEEN 1 AND 1000),
  failed_items jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(failed_items) = 'array'),
  canceled_at  timestamptz,
  completed_at timestamptz,
  created_at   timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN task_batches.failed_items IS 'Items that no task was made of, each with its index, code and message.';
CREATE INDEX task_batches_of_tenant ON task_batches (tenant_id, id);
CREATE INDEX task_batches_open ON task_batches (id) WHERE completed_at IS NULL;

ALTER TABLE tasks
  ALTER COLUMN request DROP DEFAULT,
  ALTER COLUMN request TYPE json USING request::json,
  ALTER COLUMN request SET DEFAULT '{}',
  ADD COLUMN batch_id uuid REFERENCES task_batches ON DELETE SET NULL,
  ADD COLUMN batch_item integer CHECK (batch_item >= 0),
  ADD CONSTRAINT tasks_batch_item CHECK (batch_id IS NULL OR batch_item IS NOT NULL);
COMMENT ON COLUMN tasks.batch_item IS 'Index of the item of the batch that it was made of.';
CREATE INDEX tasks_of_batch ON tasks (batch_id, batch_item) WHERE batch_id IS NOT NULL;
`;

const DOWN = `
ALTER TABLE tasks DROP COLUMN batch_item, DROP COLUMN batch_id,
  ALTER COLUMN request DROP DEFAULT, ALTER COLUMN request TYPE jsonb USING request::jsonb, ALTER COLUMN request SET DEFAULT '{}';
CREATE OR REPLACE VIEW stored_objects AS
  SELECT storage_key AS key, id AS video_id FROM videos
  UNION ALL SELECT work_key, id FROM videos WHERE work_key IS NOT NULL
  UNION ALL SELECT sprite_key, video_id FROM scan_chunks WHERE sprite_key IS NOT NULL;
DROP TABLE task_batches, chat_pieces, chat_completions;
`;

export class ChatAndBatches1795910400000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
