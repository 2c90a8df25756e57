// Windows are claimed by tenants in turns: whose a task is stands in its row, and when a tenant was served last in one of its own.
import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
ALTER TABLE tasks ADD COLUMN tenant_id text;
UPDATE tasks SET tenant_id = videos.tenant_id FROM videos WHERE videos.id = tasks.video_id;
ALTER TABLE tasks ALTER COLUMN tenant_id SET NOT NULL;
COMMENT ON COLUMN tasks.tenant_id IS 'That of the video, which never changes.';
CREATE FUNCTION task_of_tenant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.tenant_id := COALESCE((SELECT tenant_id FROM videos WHERE id = NEW.video_id), ''); -- of no video: the foreign key refuses it
  RETURN NEW;
END $$;
CREATE TRIGGER tasks_of_tenant BEFORE INSERT ON tasks FOR EACH ROW EXECUTE FUNCTION task_of_tenant();

DROP INDEX tasks_in_turn;
CREATE INDEX tasks_in_turn ON tasks (tenant_id, priority, served_at NULLS FIRST, id) WHERE status = 'processing';

CREATE TABLE tenant_turns (
  tenant_id text PRIMARY KEY,
  served_at timestamptz NOT NULL
);
COMMENT ON TABLE tenant_turns IS 'When a window of the tenant was last claimed; a tenant without a row comes first.';
`;

const DOWN = `
DROP TABLE tenant_turns;
DROP INDEX tasks_in_turn;
CREATE INDEX tasks_in_turn ON tasks (priority, served_at NULLS FIRST, id) WHERE status = 'processing';
DROP TRIGGER tasks_of_tenant ON tasks;
DROP FUNCTION task_of_tenant;
ALTER TABLE tasks DROP COLUMN tenant_id;
`;

export class TurnsOfTenants1796700000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
