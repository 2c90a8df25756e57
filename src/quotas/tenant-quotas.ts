// What a tenant may have: looked at in the transaction that adds to it, so that two at once do not both pass.
import type { EntityManager } from 'typeorm';
import { AppError } from '../app-error.js';
import { type Config } from '../platform/config/config.js';

export type TenantQuotas = Pick<Config, 'QUOTA_STORED_BYTES' | 'QUOTA_VIDEO_HOURS' | 'QUOTA_CONCURRENT_TASKS'>;

/** A video, or what comes with a conversation, that is about to be added. */
export interface AddedVideo {
  readonly tenantId: string;
  readonly bytes: string | number;
  /** Seconds. */
  readonly duration: number;
}

/** Videos with their proxies, cuts, and for as long as they are kept the pictures and videos that came with conversations. */
const STORED = `
  SELECT COALESCE(sum(bytes) FILTER (WHERE content_removed_at IS NULL), 0)::float8 + (
           SELECT COALESCE(sum((medium -> 'object' ->> 'bytes')::float8), 0)
             FROM chat_completions, json_array_elements(request #> '{question,media}') AS medium WHERE tenant_id = $1
         ) + COALESCE((SELECT sum(bytes) FROM proxies WHERE id IN (SELECT id FROM videos WHERE tenant_id = $1)), 0)::float8
           + COALESCE((SELECT sum(bytes) FROM cut_files JOIN cuts ON cuts.id = cut_id WHERE tenant_id = $1), 0)::float8 AS bytes, COALESCE(sum(duration), 0) AS seconds
    FROM videos WHERE tenant_id = $1`;

const TASK_RETRY_SECONDS = 10;

/** Rejects with `quota.stored_bytes` or `quota.video_hours` where the tenant would have more than it may. */
export async function requireVideoQuota(manager: EntityManager, quotas: TenantQuotas, { tenantId, bytes, duration }: AddedVideo): Promise<void> {
  const { QUOTA_STORED_BYTES: mostBytes = Infinity, QUOTA_VIDEO_HOURS: mostHours = Infinity } = quotas;
  if (mostBytes === Infinity && mostHours === Infinity) return;
  await holdTenant(manager, tenantId);
  const [stored] = await manager.query<{ bytes: number; seconds: number }[]>(STORED, [tenantId]);
  const [allBytes, allHours] = [(stored?.bytes ?? 0) + Number(bytes), ((stored?.seconds ?? 0) + duration) / 3600];
  if (allBytes > mostBytes) throw new AppError('quota.stored_bytes', `The videos of ${tenantId} may take ${mostBytes} bytes; with this one it would be ${allBytes}. Delete some first.`);
  if (allHours > mostHours) throw new AppError('quota.video_hours', `The videos of ${tenantId} may last ${mostHours} h; with this one it would be ${allHours.toFixed(2)}. Delete some first.`);
}

/** Rejects with `quota.concurrent_tasks` where with those that are added more analyses of the tenant than may be would not have ended. */
export async function requireTaskQuota(manager: EntityManager, { QUOTA_CONCURRENT_TASKS: most }: TenantQuotas, tenantId: string, added = 1): Promise<void> {
  if (most === undefined) return;
  await holdTenant(manager, tenantId);
  const [running] = await manager.query<{ count: number }[]>(
    `SELECT count(*)::integer AS count FROM tasks JOIN videos ON videos.id = tasks.video_id
      WHERE videos.tenant_id = $1 AND tasks.status IN ('queued', 'processing')`,
    [tenantId],
  );
  const open = running?.count ?? 0;
  if (open + added <= most) return;
  const details = { retryAfterSeconds: TASK_RETRY_SECONDS };
  throw new AppError('quota.concurrent_tasks', `${tenantId} may have ${most} analyses that have not ended; it has ${open}, and ${added} would be added. Wait for some of them.`, { details });
}

/** One after the other, until the end of the transaction. */
async function holdTenant(manager: EntityManager, tenantId: string): Promise<void> {
  await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended('quota ' || $1, 0))`, [tenantId]);
}
