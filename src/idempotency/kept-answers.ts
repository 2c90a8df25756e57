// The table of keys that POST requests came with: who is being answered, and what was answered.
import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { DataSource, type EntityManager } from 'typeorm';
import { KeyHasher } from '../api-keys/index.js';
import { type Answer, readAnswer, writeAnswer } from './answer.js';

/** How long an answer is given again. */
const KEPT = `interval '24 hours'`;

/** A request without a sign of life for this long has died with its process. */
export const LOCK_SECONDS = 60;

/** One key of one caller. */
export interface KeyOfCaller {
  readonly tenantId: string;
  readonly caller: string;
  readonly key: string;
}

/** What came with the key; `digest` is null while it is a form that nobody has read. */
export interface Asked {
  readonly route: string;
  readonly digest: string | null;
}

export interface Known extends Asked {
  /** Undefined while it is being made. */
  readonly answer: Answer | undefined;
}

interface Row {
  readonly route: string;
  readonly body_digest: string | null;
  readonly answer: Buffer | null;
}

@Injectable()
export class KeptAnswers {
  constructor(
    private readonly dataSource: DataSource,
    private readonly hasher: KeyHasher,
  ) {}

  /** A token: the key is new, or the process that had it died, and the request is to be done. Else what is known of the key. */
  async begin({ tenantId, caller, key }: KeyOfCaller, { route, digest }: Asked): Promise<string | Known> {
    for (;;) {
      const token = randomUUID();
      const taken = await this.dataSource.query<unknown[]>(
        `INSERT INTO idempotency_keys AS known (tenant_id, caller, key, route, body_digest, lock_token, locked_until)
         VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => ${LOCK_SECONDS}))
         ON CONFLICT (tenant_id, caller, key) DO UPDATE
           SET route = EXCLUDED.route, body_digest = EXCLUDED.body_digest, lock_token = EXCLUDED.lock_token, locked_until = EXCLUDED.locked_until,
               answer = NULL, created_at = now()
         WHERE known.locked_until < now() AND (known.created_at < now() - ${KEPT}
           OR known.answer IS NULL AND known.route = EXCLUDED.route AND known.body_digest IS NOT DISTINCT FROM EXCLUDED.body_digest)
         RETURNING 1`,
        [tenantId, caller, key, route, digest, token],
      );
      if (taken.length > 0) return token;
      const [row] = await this.dataSource.query<Row[]>(
        'SELECT route, body_digest, answer FROM idempotency_keys WHERE tenant_id = $1 AND caller = $2 AND key = $3',
        [tenantId, caller, key],
      );
      if (row) return { route: row.route, digest: row.body_digest, answer: row.answer ? readAnswer(this.hasher.unseal(row.answer)) : undefined };
    }
  }

  async renew(token: string): Promise<void> {
    await this.dataSource.query(`UPDATE idempotency_keys SET locked_until = now() + make_interval(secs => ${LOCK_SECONDS}) WHERE lock_token = $1`, [token]);
  }

  async keep(token: string, digest: string, answer: Answer): Promise<void> {
    await this.dataSource.query('UPDATE idempotency_keys SET body_digest = $2, answer = $3, locked_until = now() WHERE lock_token = $1', [
      token,
      digest,
      this.hasher.seal(writeAnswer(answer)),
    ]);
  }

  /** The key is as if it had never been sent. */
  async release(token: string): Promise<void> {
    await this.dataSource.query('DELETE FROM idempotency_keys WHERE lock_token = $1', [token]);
  }
}

/** Forgets answers that are no longer given again. */
export async function removeOldAnswers(manager: EntityManager): Promise<void> {
  await manager.query(`DELETE FROM idempotency_keys WHERE created_at < now() - ${KEPT} AND locked_until < now()`);
}
