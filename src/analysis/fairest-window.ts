// Which window is looked at next, and how it is claimed.
import { FREE, holdLease } from '../platform/database/lease.js';

/** Tenants that have tasks at work, one after the other by the index of turns: however many tasks they are. */
const TENANTS = `
  tenants AS (
    (SELECT tenant_id FROM tasks WHERE status = 'processing' ORDER BY tenant_id LIMIT 1)
    UNION ALL
    SELECT (SELECT tenant_id FROM tasks WHERE status = 'processing' AND tenant_id > tenants.tenant_id ORDER BY tenant_id LIMIT 1)
      FROM tenants WHERE tenant_id IS NOT NULL)`;

/** Of a tenant's tasks by priority, then by turns, so that a short clip does not wait for all of an hour; of each only its first window that nobody has. */
const FIRST_OF_TENANT = `
  SELECT task.id AS task_id, task.priority, next.id FROM tasks task
   CROSS JOIN LATERAL (
     SELECT id FROM windows WHERE task_id = task.id AND status IN ('queued', 'processing') AND ${FREE} ORDER BY ordinal LIMIT 1
   ) next
   WHERE task.tenant_id = tenants.tenant_id AND task.status = 'processing' AND task.windows_done < task.windows_total
   ORDER BY task.priority, task.served_at NULLS FIRST, task.id
   LIMIT 1`;

/**
 * Claims the fairest window, for owner `$1` and `$2` seconds: by priority, then the tenants by turns, so that nobody waits for all that another
 * has brought. No row: there is none; a row of nulls: another worker was faster. The task is held before its window, as by whoever ends or
 * cancels them: who waited for it finds it canceled, or the window taken.
 */
export const CLAIM_FAIREST = `
  WITH RECURSIVE ${TENANTS},
  fairest AS (
    SELECT first.id, first.task_id FROM tenants CROSS JOIN LATERAL (${FIRST_OF_TENANT}) first LEFT JOIN tenant_turns turn USING (tenant_id)
     ORDER BY first.priority, turn.served_at NULLS FIRST, first.task_id LIMIT 1),
  held AS MATERIALIZED (SELECT tasks.id FROM tasks JOIN fairest ON tasks.id = fairest.task_id WHERE tasks.status = 'processing' FOR NO KEY UPDATE OF tasks),
  claimed AS (
    UPDATE windows AS row SET ${holdLease('$1', '$2')}, status = 'processing' FROM fairest, held
     WHERE row.id = fairest.id AND row.task_id = held.id AND row.status IN ('queued', 'processing') AND ${FREE} RETURNING row.*),
  served AS (UPDATE tasks SET served_at = clock_timestamp() FROM claimed WHERE tasks.id = claimed.task_id RETURNING tasks.*),
  turned AS (
    INSERT INTO tenant_turns (tenant_id, served_at) SELECT tenant_id, served_at FROM served
    ON CONFLICT (tenant_id) DO UPDATE SET served_at = excluded.served_at)
  SELECT claimed.id, claimed.lease_token AS token, claimed.ordinal, claimed.start_time AS "startTime", claimed.end_time AS "endTime", claimed.sampling, claimed.attempt,
         served.id AS "taskId", served.video_id AS "videoId", served.request, served.traceparent
    FROM fairest LEFT JOIN claimed USING (id) LEFT JOIN served ON true`;
