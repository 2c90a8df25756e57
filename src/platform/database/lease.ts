// Leases: who works on a row, fenced by a token so that a worker believed dead cannot write.
import type { DataSource, EntityManager } from 'typeorm';
import { AppError } from '../../app-error.js';

export type LeasedTable = 'tasks' | 'windows' | 'moment_queries' | 'chat_completions' | 'scans' | 'scan_chunks' | 'uploads' | 'webhook_endpoints' | 'cuts' | 'proxies';

export interface Lease {
  readonly table: LeasedTable;
  readonly id: string;
  readonly token: string; // bigint
}

export interface LeaseOptions {
  readonly owner: string;
  readonly leaseSeconds: number;
  /** SQL that must hold for the row to be claimed; the row is `row`. */
  readonly where: string;
  /** SQL assignments made together with the claim. */
  readonly set?: string;
}

/** Condition on a row with a lease: nobody holds it, and it need not wait any longer. */
export const FREE = `(lease_until IS NULL OR lease_until < now()) AND (not_before IS NULL OR not_before <= now())`;

/** Assignments that take the lease from whoever holds it: they stop at the next beat at the latest. */
export const TAKE_LEASE = 'lease_token = lease_token + 1, lease_until = NULL, updated_at = now()';

const FIRST_RETRY_SECONDS = 2;

/** How often somebody who loses the fairest row to others looks for the next one; each time one of the others has won. */
export const MOST_LOOKS = 100;

/** How long work that failed for the `attempt`-th time waits before it is due again. */
const retrySeconds = (attempt: number): number => FIRST_RETRY_SECONDS * 2 ** attempt;

/** Assignments that take a lease for `owner`, for so many seconds: places of parameters. */
export const holdLease = (owner: string, seconds: string): string =>
  `lease_owner = ${owner}, lease_token = lease_token + 1, lease_until = now() + make_interval(secs => ${seconds}), attempt = attempt + 1, updated_at = now()`;

/** Claims the row, or returns undefined when somebody else has it or it is not due. */
export async function claim(
  dataSource: DataSource,
  table: LeasedTable,
  id: string,
  { owner, leaseSeconds, where, set }: LeaseOptions,
): Promise<Lease | undefined> {
  const [rows] = await dataSource.query<[{ lease_token: string }[], number]>(
    `UPDATE ${table} AS row
        SET ${holdLease('$2', '$3')}${set === undefined ? '' : `, ${set}`}
      WHERE id = $1 AND ${FREE} AND ${where}
      RETURNING lease_token`,
    [id, owner, leaseSeconds],
  );
  const token = rows[0]?.lease_token;
  return token === undefined ? undefined : { table, id, token };
}

/** Pushes the end of the lease; false means that it was lost or given up: stop at once. */
export async function renew(dataSource: DataSource, lease: Lease, leaseSeconds: number): Promise<boolean> {
  const [, count] = await dataSource.query<[unknown[], number]>(
    `UPDATE ${lease.table} SET lease_until = now() + make_interval(secs => $3)
      WHERE id = $1 AND lease_token = $2 AND lease_until IS NOT NULL`,
    [lease.id, lease.token, leaseSeconds],
  );
  return count === 1;
}

/**
 * Writes `set` only while the lease is ours; rejects with `lease.lost` (and so rolls its transaction back) otherwise. Setting
 * `lease_until = NULL` gives the lease up: it writes nothing after that.
 */
export async function writeFenced(
  manager: EntityManager,
  lease: Lease,
  set: string,
  parameters: readonly unknown[] = [],
): Promise<void> {
  const [, count] = await manager.query<[unknown[], number]>(
    `UPDATE ${lease.table} SET ${set}, updated_at = now()
      WHERE id = $1 AND lease_token = $2 AND lease_until IS NOT NULL`,
    [lease.id, lease.token, ...parameters],
  );
  if (count !== 1) throw new AppError('lease.lost', `${lease.table} ${lease.id} has passed to another worker.`);
}

/**
 * Ends the lease, and writes `set` with it: with `refund` the row is due at once and its attempt does not count, else it is due after a pause
 * that doubles with every attempt. Rejects with `lease.lost`.
 */
export async function giveBack(dataSource: DataSource, lease: Lease, attempt: number, { refund, set }: { refund: boolean; set?: string }): Promise<void> {
  const parts = [...(set === undefined ? [] : [set]), 'lease_until = NULL', 'not_before = now() + make_interval(secs => $3)', ...(refund ? ['attempt = attempt - 1'] : [])];
  await dataSource.transaction((manager) => writeFenced(manager, lease, parts.join(', '), [refund ? 0 : retrySeconds(attempt)]));
}

export interface LeaseWatch {
  readonly leaseSeconds: number;
  /** Aborts the work too. */
  readonly outer?: AbortSignal | undefined;
  /** Calls back whenever the lease may have been taken away, so that it is looked at before its time; returns how to end that. */
  readonly onDoubt?: ((look: () => void) => () => void) | undefined;
}

/** Runs `work` while renewing the lease; its signal aborts when the lease is lost. */
export async function whileLeased<T>(
  dataSource: DataSource,
  lease: Lease,
  { leaseSeconds, outer, onDoubt }: LeaseWatch,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const lost = new AbortController();
  const beat = (): void => {
    renew(dataSource, lease, leaseSeconds).then(
      (kept) => kept || lost.abort(new AppError('lease.lost', `${lease.table} ${lease.id} has passed to another worker.`)),
      () => undefined, // a database that is away for a moment is met again at the next beat, before the lease ends
    );
  };
  const timer = setInterval(beat, (leaseSeconds * 1000) / 3);
  const endDoubts = onDoubt?.(beat);
  try {
    return await work(outer ? AbortSignal.any([lost.signal, outer]) : lost.signal);
  } finally {
    clearInterval(timer);
    endDoubts?.();
  }
}
