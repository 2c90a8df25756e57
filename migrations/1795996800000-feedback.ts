// What people said of answers: right or wrong, and where the moment really is.
import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
CREATE TABLE feedback (
  id              uuid PRIMARY KEY,
  tenant_id       text NOT NULL,
  video_id        uuid NOT NULL REFERENCES videos ON DELETE CASCADE,
  moment_query_id uuid NOT NULL REFERENCES moment_queries ON DELETE CASCADE,
  moment_id       uuid REFERENCES moments ON DELETE CASCADE,
  verdict         text NOT NULL CHECK (verdict IN ('right', 'wrong')),
  start_time      double precision CHECK (start_time >= 0),
  end_time        double precision CHECK (end_time > start_time),
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  CHECK ((start_time IS NULL) = (end_time IS NULL))
);
COMMENT ON COLUMN feedback.moment_id IS 'The answer that is judged; null: that the question was answered with "not in this video".';
COMMENT ON COLUMN feedback.start_time IS 'Where the moment really is, in seconds of the video, where somebody put that right.';
CREATE UNIQUE INDEX feedback_one_for_each_answer ON feedback (moment_query_id, moment_id) NULLS NOT DISTINCT;
CREATE INDEX feedback_of_video ON feedback (video_id, id);
`;

const DOWN = `DROP TABLE feedback`;

export class Feedback1795996800000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
