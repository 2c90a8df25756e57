// Job deliver-webhooks: send what is due to one endpoint, one message after the other.
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../src/app-error.js';
import { CLOCK, type Clock } from '../src/platform/clock.js';
import { GuardedFetch } from '../src/platform/http/guarded-fetch.js';
import { type OutgoingResponse } from '../src/platform/http/outgoing-request.js';
import { storablePart } from '../src/platform/http/text.js';
import { log } from '../src/platform/log/log.js';
import { Totals } from '../src/platform/metrics/totals.js';
import { inSpan } from '../src/platform/tracing/span.js';
import { parseTraceparent } from '../src/platform/tracing/trace-context.js';
import { type Attempt, type ClaimedEndpoint, DeliveryState, type DueDelivery, isTaken, retryAfterSeconds } from '../src/webhooks/index.js';
import { DeliveryBell } from './delivery-bell.js';
import { ReceiverTurns } from './receiver-turns.js';
import { WorkerContext } from './worker-context.js';

const TIMEOUT_MS = 15_000;

/** Of an answer, bytes that are kept. */
const KEPT_BYTES = 1024;

/** Messages of one endpoint before others have their turn. */
const MOST_IN_A_ROW = 20;

@Injectable()
export class DeliverWebhooksProcessor {
  private readonly turns = new ReceiverTurns();

  constructor(
    private readonly state: DeliveryState,
    private readonly guarded: GuardedFetch,
    private readonly bell: DeliveryBell,
    private readonly context: WorkerContext,
    private readonly totals: Totals,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async process(endpointId: string, stopping: AbortSignal): Promise<void> {
    const receiver = await this.state.receiverOf(endpointId);
    if (receiver === undefined || !this.turns.begin(receiver, endpointId)) return;
    try {
      await this.tell(endpointId, stopping);
    } finally {
      const next = this.turns.end(receiver);
      if (next !== undefined && !stopping.aborted) this.bell.ringAt(next, this.clock());
    }
  }

  private async tell(endpointId: string, stopping: AbortSignal): Promise<void> {
    const claimed = await this.state.claim(endpointId, this.context.workerId);
    if (!claimed) return;
    const release = (): Promise<void> => this.state.release(claimed);
    const work = async (signal: AbortSignal): Promise<void> => {
      await this.deliver(claimed, signal);
      await release();
    };
    await this.context.underLease(claimed.lease, { attempt: 1, work, giveBack: release, giveUp: release }, stopping);
    // what came while the lease was held has rung in vain
    if (!stopping.aborted && (await this.state.next(claimed))) this.bell.ringAt(endpointId, this.clock());
  }

  private async deliver(claimed: ClaimedEndpoint, signal: AbortSignal): Promise<void> {
    for (let sent = 0; sent < MOST_IN_A_ROW; sent++) {
      const due = await this.state.next(claimed);
      if (!due) return;
      const span = { kind: 'client', parent: parseTraceparent(due.traceparent), attributes: { message_id: due.messageId } } as const;
      const attempt = await inSpan('webhook', span, () => this.send(claimed, due, signal));
      const next = await this.state.record(claimed, due, attempt);
      this.totals.add('secondsight_webhook_attempts_total', { taken: isTaken(attempt) ? 'true' : 'false' });
      log.debug({ endpoint: claimed.endpointId, message: due.messageId, status: attempt.statusCode, code: attempt.errorCode }, 'webhook sent');
      if (next) this.bell.ringAt(claimed.endpointId, next);
    }
  }

  private async send(claimed: ClaimedEndpoint, due: DueDelivery, signal: AbortSignal): Promise<Attempt> {
    const began = this.clock();
    const started = performance.now();
    const ended = (how: Partial<Attempt>): Attempt => ({
      ...{ began, durationMs: Math.round(performance.now() - started), statusCode: null, errorCode: null, response: '' },
      ...how,
    });
    try {
      const { url, headers } = await this.state.signed(claimed, due, began);
      const answer = await this.guarded.request(url, {
        ...{ method: 'POST', body: due.body, timeoutMs: TIMEOUT_MS, maxBytes: Infinity, signal },
        headers: { 'content-type': 'application/json', ...headers },
      });
      const response = storablePart(await firstPart(answer), KEPT_BYTES);
      return ended({ statusCode: answer.status, response, retryAfter: retryAfterSeconds(answer.headers['retry-after'], began) });
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof AppError)) throw error;
      return ended({ errorCode: error.code, response: error.message });
    }
  }
}

/** The rest is not waited for, and what breaks off in the middle of it was an answer all the same. */
async function firstPart({ body }: OutgoingResponse): Promise<string> {
  const kept = Buffer.alloc(KEPT_BYTES);
  let length = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      length += chunk.copy(kept, length);
      if (length === KEPT_BYTES) break;
    }
  } catch (error) {
    log.debug({ err: error }, 'an answer broke off');
  }
  return kept.toString('utf8', 0, length);
}
