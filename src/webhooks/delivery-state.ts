// What is due to an endpoint and how each attempt ended: one lease an endpoint, so that a slow receiver has one request and delays itself alone.
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { CLOCK, type Clock } from '../platform/clock.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { type DueJob, dueJobs } from '../platform/database/due-jobs.js';
import { claim, FREE, type Lease, writeFenced } from '../platform/database/lease.js';
import { MOST_FAILING_MS, nextAttempt } from './retry-schedule.js';
import { signatureHeaders } from './signature.js';
import { SECRET_BOX, type SecretBox } from './secret-box.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';
import { deliverWebhooks } from './webhooks.job.js';

export interface ClaimedEndpoint {
  readonly lease: Lease;
  readonly endpointId: string;
}

export interface DueDelivery {
  readonly id: string;
  readonly messageId: string;
  readonly body: string;
  readonly attempts: number;
  readonly roundBeganAt: number;
  /** Of the change that the message tells of. */
  readonly traceparent: string | null;
}

/** How an attempt ended: with an answer, or with the reason why there is none. */
export interface Attempt {
  readonly began: Date;
  readonly durationMs: number;
  readonly statusCode: number | null;
  readonly errorCode: string | null;
  /** First kilobyte of the answer. */
  readonly response: string;
  readonly retryAfter?: number | undefined;
}

/** The receiver said that it has the message. */
export const isTaken = ({ statusCode }: Attempt): boolean => statusCode !== null && statusCode >= 200 && statusCode < 300;

const NEXT_DUE = `
  SELECT delivery.id, message.id AS "messageId", message.body, message.traceparent, delivery.attempts, delivery.round_began_at AS "roundBeganAt"
    FROM webhook_deliveries delivery
    JOIN webhook_messages message ON message.id = delivery.message_id
    JOIN webhook_endpoints endpoint ON endpoint.id = delivery.endpoint_id
   WHERE delivery.endpoint_id = $1 AND delivery.status = 'pending' AND delivery.next_attempt_at <= $2
     AND endpoint.enabled AND (endpoint.paused_until IS NULL OR endpoint.paused_until <= $2)
   ORDER BY delivery.next_attempt_at, delivery.id LIMIT 1`;

/** Answers of servers that have too much to do; what they say of when to come back holds for every message. */
const BUSY = [429, 502, 503, 504];

/** Deliveries of an endpoint that is disabled end: they can be asked for again. */
export const END_IF_DISABLED = `
  UPDATE webhook_deliveries SET status = 'failed', next_attempt_at = NULL, finished_at = $2
   WHERE endpoint_id = $1 AND status = 'pending' AND NOT (SELECT enabled FROM webhook_endpoints WHERE id = $1)`;

@Injectable()
export class DeliveryState {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SECRET_BOX) private readonly secrets: SecretBox,
  ) {}

  /** Host and port that an endpoint is told at; undefined where it is gone. */
  async receiverOf(endpointId: string): Promise<string | undefined> {
    const endpoint = await this.dataSource.getRepository(WebhookEndpoint).findOneBy({ id: endpointId });
    return endpoint ? new URL(endpoint.url).host : undefined;
  }

  /** Undefined while somebody else sends to the endpoint. */
  async claim(endpointId: string, owner: string): Promise<ClaimedEndpoint | undefined> {
    const options = { owner, leaseSeconds: this.config.LEASE_SECONDS, where: 'enabled' };
    const lease = await claim(this.dataSource, 'webhook_endpoints', endpointId, options);
    return lease && { lease, endpointId };
  }

  async release({ lease }: ClaimedEndpoint): Promise<void> {
    await this.dataSource.transaction((manager) => writeFenced(manager, lease, 'lease_until = NULL, attempt = 0'));
  }

  /** The delivery that has waited longest. */
  async next({ endpointId }: ClaimedEndpoint): Promise<DueDelivery | undefined> {
    const [due] = await this.dataSource.query<DueDelivery[]>(NEXT_DUE, [endpointId, this.clock()]);
    return due;
  }

  /** Where a message is sent, signed with every secret that is live; rejects with `webhook.secret_unreadable`. */
  async signed({ endpointId }: ClaimedEndpoint, { messageId, body }: DueDelivery, at: Date): Promise<{ url: string; headers: Record<string, string> }> {
    const { url, secret, previousSecret, previousSecretUntil } = await this.dataSource.getRepository(WebhookEndpoint).findOneByOrFail({ id: endpointId });
    const live = [secret, ...(previousSecret && previousSecretUntil && previousSecretUntil > at ? [previousSecret] : [])];
    return { url, headers: signatureHeaders({ id: messageId, at, body }, live.map((sealed) => this.secrets.open(sealed))) };
  }

  /** Writes the attempt down with what follows from it; returns when the next one is due, if any. */
  async record({ lease, endpointId }: ClaimedEndpoint, delivery: DueDelivery, attempt: Attempt): Promise<Date | undefined> {
    const succeeded = isTaken(attempt);
    return this.dataSource.transaction(async (manager) => {
      const next = succeeded ? undefined : nextAttempt({ attempts: delivery.attempts + 1 - delivery.roundBeganAt, at: endOf(attempt), retryAfter: attempt.retryAfter }, Math.random());
      const gone = attempt.statusCode === 410;
      const status = succeeded ? 'delivered' : next && !gone ? 'pending' : 'failed';
      await writeFenced(manager, lease, ...healthAfter(attempt, succeeded)); // before its deliveries, in the order that a deletion locks them
      await manager.query(
        `UPDATE webhook_deliveries SET status = $2, attempts = attempts + 1, next_attempt_at = $3, finished_at = $4 WHERE id = $1`,
        [delivery.id, status, status === 'pending' ? next : null, status === 'pending' ? null : attempt.began],
      );
      await manager.query(
        `INSERT INTO webhook_attempts (delivery_id, number, began_at, duration_ms, status_code, error_code, response)
         SELECT id, attempts, $2, $3, $4, $5, $6 FROM webhook_deliveries WHERE id = $1`,
        [delivery.id, attempt.began, attempt.durationMs, attempt.statusCode, attempt.errorCode, attempt.response],
      );
      await disableIfHopeless(manager, endpointId, attempt);
      return status === 'pending' ? next : undefined;
    });
  }

  /** Removes what was told long ago, and endpoints of single tasks that are over, with nothing left to be told. */
  async forget(): Promise<void> {
    const before = new Date(this.clock().getTime() - this.config.WEBHOOK_LOG_DAYS * 24 * 3600 * 1000);
    await this.dataSource.query(
      `DELETE FROM webhook_messages message WHERE created_at < $1
         AND NOT EXISTS (SELECT 1 FROM webhook_deliveries WHERE message_id = message.id AND status = 'pending')`,
      [before],
    );
    await this.dataSource.query(
      `DELETE FROM webhook_endpoints endpoint WHERE subject_id IS NOT NULL AND created_at < $1
         AND NOT EXISTS (SELECT 1 FROM webhook_deliveries WHERE endpoint_id = endpoint.id)
         AND NOT EXISTS (SELECT 1 FROM tasks WHERE id = subject_id AND status IN ('queued', 'processing'))`,
      [before],
    );
  }

  /** Ends what was asked for while its endpoint was being disabled. */
  async endOfDisabled(): Promise<void> {
    const ids = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM webhook_endpoints endpoint WHERE NOT enabled AND EXISTS (SELECT 1 FROM webhook_deliveries WHERE endpoint_id = endpoint.id AND status = 'pending')`,
    );
    for (const { id } of ids) {
      await this.dataSource.transaction(async (manager) => {
        await manager.query('SELECT 1 FROM webhook_endpoints WHERE id = $1 FOR NO KEY UPDATE', [id]); // before its deliveries
        await manager.query(END_IF_DISABLED, [id, this.clock()]);
      });
    }
  }

  /** Endpoints to which something is due, and that nobody sends to. */
  due(): Promise<DueJob[]> {
    const now = `'${this.clock().toISOString()}'`;
    const sql = `SELECT id FROM webhook_endpoints endpoint WHERE enabled AND ${FREE} AND (paused_until IS NULL OR paused_until <= ${now})
      AND EXISTS (SELECT 1 FROM webhook_deliveries WHERE endpoint_id = endpoint.id AND status = 'pending' AND next_attempt_at <= ${now})`;
    return dueJobs(this.dataSource, [{ job: deliverWebhooks, sql }]);
  }
}

/** Pauses count from here: a receiver that was silent for longer than a pause has it all the same. */
const endOf = ({ began, durationMs }: Attempt): Date => new Date(began.getTime() + durationMs);

/** Assignments to the endpoint, and their parameters from `$3` on. */
function healthAfter(attempt: Attempt, succeeded: boolean): [set: string, parameters: unknown[]] {
  const { began, statusCode, retryAfter } = attempt;
  if (succeeded) return ['failing_since = NULL, paused_until = NULL, last_success_at = $3', [began]];
  const paused = retryAfter !== undefined && statusCode !== null && BUSY.includes(statusCode);
  const until = paused ? nextAttempt({ attempts: 0, at: endOf(attempt), retryAfter }, 0) : null;
  return ['failing_since = COALESCE(failing_since, $3), paused_until = $4', [began, until]];
}

async function disableIfHopeless(manager: EntityManager, endpointId: string, { began, statusCode }: Attempt): Promise<void> {
  await manager.query(
    `UPDATE webhook_endpoints SET enabled = false, disabled_at = $2, disabled_reason = CASE WHEN $3 THEN 'gone' ELSE 'failing' END
      WHERE id = $1 AND enabled AND ($3 OR failing_since <= $4)`,
    [endpointId, began, statusCode === 410, new Date(began.getTime() - MOST_FAILING_MS)],
  );
  await manager.query(END_IF_DISABLED, [endpointId, began]);
}
