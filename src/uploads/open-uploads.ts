// What a tenant may have under way: looked at in the transaction that adds to it.
import type { EntityManager } from 'typeorm';
import { AppError } from '../app-error.js';
import { requireVideoQuota, type TenantQuotas } from '../quotas/index.js';
import { OPEN } from './upload-state.js';

/** Uploads of a tenant that have not ended, those of a folder aside. */
const MOST_OPEN = 1000;
const RETRY_SECONDS = 60;

/** Rejects with `upload.too_many_open` where the tenant has as many uploads under way as it may. */
export async function requireFewOpen(manager: EntityManager, tenantId: string): Promise<void> {
  await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended('uploads ' || $1, 0))`, [tenantId]); // two at once do not both pass
  const open = await manager.query<unknown[]>(
    `SELECT 1 FROM uploads WHERE tenant_id = $1 AND source <> 'folder' AND ${OPEN} LIMIT $2`,
    [tenantId, MOST_OPEN],
  );
  if (open.length < MOST_OPEN) return;
  const details = { retryAfterSeconds: RETRY_SECONDS };
  throw new AppError('upload.too_many_open', `${MOST_OPEN} uploads of ${tenantId} have not ended, as many as there may be; end or finish some first.`, { details });
}

/** Rejects with `quota.*` where the tenant would have more than it may once `bytes` and all that it has declared so far have come. */
export async function requireQuotaOfOpen(manager: EntityManager, quotas: TenantQuotas, tenantId: string, bytes: number): Promise<void> {
  const [declared] = await manager.query<{ bytes: number }[]>(
    `SELECT COALESCE(sum(bytes), 0)::float8 AS bytes FROM uploads WHERE tenant_id = $1 AND ${OPEN}`,
    [tenantId],
  );
  await requireVideoQuota(manager, quotas, { tenantId, bytes: (declared?.bytes ?? 0) + bytes, duration: 0 });
}
