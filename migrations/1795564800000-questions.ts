// Questions answered with scores, curves and evidence of what was rejected, kept under a key; vectors of segments and of pictures.
import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
ALTER TABLE moment_queries
  ADD COLUMN answer_key     text,
  ADD COLUMN searched_until double precision CHECK (searched_until >= 0),
  ADD COLUMN rejected       jsonb,
  ADD COLUMN curve          jsonb,
  ADD COLUMN windows_done   integer NOT NULL DEFAULT 0 CHECK (windows_done >= 0),
  ADD COLUMN warnings       jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(warnings) = 'array');
ALTER TABLE moment_queries
  DROP CONSTRAINT moment_queries_status_check,
  DROP CONSTRAINT moment_queries_check,
  ADD CONSTRAINT moment_queries_status_check CHECK (status IN ('queued', 'processing', 'ready', 'failed', 'canceled')),
  ADD CONSTRAINT moment_queries_check CHECK ((status IN ('ready', 'failed', 'canceled')) = (finished_at IS NOT NULL));
COMMENT ON COLUMN moment_queries.answer_key IS 'Hash of the question, the model and everything that was searched: who asks the same of the same gets the same answer.';
COMMENT ON COLUMN moment_queries.searched_until IS 'Everything of the range before this second was searched.';
COMMENT ON COLUMN moment_queries.windows_done IS 'Windows that were looked at by the attempt that came furthest.';
CREATE INDEX moment_queries_answered ON moment_queries (answer_key) WHERE status = 'ready' AND answer_key IS NOT NULL;

ALTER TABLE moments ADD COLUMN scores jsonb NOT NULL DEFAULT '{}';

CREATE TABLE segment_vectors (
  segment_id uuid PRIMARY KEY REFERENCES segments ON DELETE CASCADE,
  model      text NOT NULL,
  vector     real[] NOT NULL
);
COMMENT ON COLUMN segment_vectors.model IS 'The embedder; vectors of another one say nothing to its questions.';
COMMENT ON COLUMN segment_vectors.vector IS 'Of length 1; empty where the embedder refuses the text.';

CREATE TABLE frame_vectors (
  video_id uuid NOT NULL REFERENCES videos ON DELETE CASCADE,
  second   integer NOT NULL CHECK (second >= 0),
  until    integer NOT NULL CHECK (until > second),
  model    text NOT NULL,
  vector   real[] NOT NULL,
  PRIMARY KEY (video_id, second)
);
COMMENT ON COLUMN frame_vectors.until IS 'Second of the next picture: this one stands for all before it.';

CREATE FUNCTION inner_product(a real[], b real[]) RETURNS double precision
  LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  total double precision := 0;
BEGIN
  IF cardinality(a) <> cardinality(b) THEN RETURN NULL; END IF;
  FOR i IN 1 .. cardinality(a) LOOP
    total := total + a[i]::double precision * b[i];
  END LOOP;
  RETURN total;
END $$;
COMMENT ON FUNCTION inner_product IS 'Cosine of two vectors of length 1; null where they have not as many sides.';
`;

const DOWN = `
DROP FUNCTION inner_product;
DROP TABLE frame_vectors, segment_vectors;
ALTER TABLE moments DROP COLUMN scores;
DELETE FROM moment_queries WHERE status = 'canceled';
ALTER TABLE moment_queries
  DROP CONSTRAINT moment_queries_status_check,
  DROP CONSTRAINT moment_queries_check,
  ADD CONSTRAINT moment_queries_status_check CHECK (status IN ('queued', 'processing', 'ready', 'failed')),
  ADD CONSTRAINT moment_queries_check CHECK ((status IN ('ready', 'failed')) = (finished_at IS NOT NULL)),
  DROP COLUMN warnings, DROP COLUMN windows_done, DROP COLUMN curve, DROP COLUMN rejected, DROP COLUMN searched_until, DROP COLUMN answer_key;
`;

export class Questions1795564800000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
