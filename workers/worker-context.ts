// What every processor shares: who this worker is, its model, and how work under a lease may end.
import { Inject, Injectable } from '@nestjs/common';
import { hostname } from 'node:os';
import { DataSource } from 'typeorm';
import { CANCELED_CHANNEL } from '../src/analysis/index.js';
import { AppError } from '../src/app-error.js';
import { type Sampling } from '../src/model/grounding/frame-plan.js';
import { type PlanOptions } from '../src/model/grounding/window-plan.js';
import { type Inference } from '../src/inference/inference.js';
import { CONFIG, type Config } from '../src/platform/config/config.js';
import { NOTIFICATIONS, type Notifications } from '../src/platform/database/notifications.js';
import { type Lease, whileLeased } from '../src/platform/database/lease.js';
import { log } from '../src/platform/log/log.js';
import { logFields, withLogFields } from '../src/platform/log/log-fields.js';
import { type LabelsOf, Totals } from '../src/platform/metrics/totals.js';
import { inSpan, type Span } from '../src/platform/tracing/span.js';
import { parseTraceparent } from '../src/platform/tracing/trace-context.js';
import { fieldOf, traceOf } from './trace-of.js';

/** Injection token of the Inference. */
export const INFERENCE = Symbol('Inference');

/** Used where neither the configuration nor the checkpoint says otherwise. */
const WINDOW_DEFAULTS = { windowSeconds: 30, overlapSeconds: 6, fps: 2 };

/** Work that has failed, or brought its worker down, more often than this is given up. */
const MAX_ATTEMPTS = 5;

/** What lies in the video or in the question, and would be the same the next time; not what a busy machine or a disk that is away does to it. */
const PERMANENT = /^(?!video\.(took_too_long|content_missing)$)(video|import|address|quota|window|task|scan|moments|chat|image|plan|prompt|schema|choice|answer|sampling|resize|generation)\./;

/** What is wrong with this machine: the work waits, here or for another one. */
export const NOT_HERE = /^(checkpoint\.|inference\.(provider_unavailable|no_server)$|ffmpeg\.not_|storage\.(full|unreachable|refused)$)/;

export interface LeasedWork {
  /** Where it is told that what it is done for may be wanted no more: the lease is looked at then, as a cancellation takes it away. */
  readonly told?: { readonly channel: string; readonly id: string };
  /** Of the request that it comes from; absent: it is looked up. */
  readonly traceparent?: string | null;
  /** Times the row was claimed, this one included. */
  readonly attempt: number;
  work(signal: AbortSignal): Promise<void>;
  /** Back to wait: with `refund` at once and without counting the attempt, else for another attempt later. */
  giveBack(options: { refund: boolean }): Promise<void>;
  /** The end. */
  giveUp(error: AppError): Promise<void>;
}

@Injectable()
export class WorkerContext {
  /** Unique to this run of this worker. */
  readonly workerId = `${hostname()}:${process.pid}:${Date.now().toString(36)}`;

  constructor(
    private readonly dataSource: DataSource,
    @Inject(NOTIFICATIONS) private readonly notifications: Notifications,
    @Inject(CONFIG) readonly config: Config,
    @Inject(INFERENCE) readonly inference: Inference,
    private readonly totals: Totals,
  ) {}

  /**
   * What windows are planned with: the configuration before the checkpoint's own recommendation before the defaults; an overlap never
   * takes more than half a window.
   */
  async planOptions(sampling?: Sampling): Promise<PlanOptions> {
    const { WINDOW_SECONDS, WINDOW_OVERLAP_SECONDS, WINDOW_FPS } = this.config;
    const model = await this.inference.model();
    const windowSeconds = WINDOW_SECONDS ?? model.windowSeconds ?? WINDOW_DEFAULTS.windowSeconds;
    const overlapSeconds = WINDOW_OVERLAP_SECONDS ?? model.windowOverlapSeconds ?? WINDOW_DEFAULTS.overlapSeconds;
    const { minFps, maxFps, rates, maxFrames, maxTokens, framePixels } = model;
    const fps = WINDOW_FPS ?? model.fps ?? WINDOW_DEFAULTS.fps;
    return { windowSeconds, overlapSeconds: Math.min(overlapSeconds, windowSeconds / 2), fps, minFps, maxFps, rates, maxFrames, maxTokens, framePixels, sampling };
  }

  /** Runs `work` under its lease and writes down how it ended. Rejects only when that cannot be written: then the lease runs out. */
  async underLease(lease: Lease, leased: LeasedWork, stopping: AbortSignal): Promise<void> {
    const fields = { ...(leased.told?.channel === CANCELED_CHANNEL && { task_id: leased.told.id }), ...fieldOf(lease) };
    const { traceparent } = leased;
    const parent = traceparent === undefined ? await traceOf(this.dataSource, lease).catch(() => undefined) : parseTraceparent(traceparent); // a trace is worth no work
    const span = { kind: 'consumer', parent, attributes: { ...fields, attempt: leased.attempt } } as const;
    await withLogFields(fields, () => inSpan(logFields()['job'] ?? lease.table, span, (open) => this.work(lease, leased, stopping, open)));
  }

  private async work(lease: Lease, leased: LeasedWork, stopping: AbortSignal, span: Span): Promise<void> {
    const started = performance.now();
    try {
      if (leased.attempt > MAX_ATTEMPTS) throw new AppError('task.gave_up', `It was begun ${MAX_ATTEMPTS} times and never ended.`);
      const watch = { leaseSeconds: this.config.LEASE_SECONDS, outer: stopping, onDoubt: this.changesOf(leased.told) };
      await whileLeased(this.dataSource, lease, watch, (signal) => leased.work(signal));
      this.count('done');
      log.debug({ ms: Math.round(performance.now() - started) }, 'done');
    } catch (cause) {
      span.fail(cause);
      await this.settle(lease, leased, cause, stopping).catch((error: unknown) => {
        if (!isLost(error)) throw error;
      });
    }
  }

  private changesOf(told: LeasedWork['told']): ((look: () => void) => () => void) | undefined {
    if (told === undefined) return undefined;
    return (look) => this.notifications.subscribe(told.channel, (payload) => payload === told.id && look());
  }

  /** Logs after it has written: of a row that was lost meanwhile, with its video perhaps, there is nothing to tell. */
  private async settle(lease: Lease, leased: LeasedWork, cause: unknown, stopping: AbortSignal): Promise<void> {
    const error = asAppError(cause);
    const row = { code: error.code };
    if (isLost(error) || error.code === 'video.not_found') {
      // the rows of a video that is gone go with it
      this.count('lost');
      log.info(row, error.message);
    } else if (stopping.aborted || NOT_HERE.test(error.code)) {
      await leased.giveBack({ refund: true });
      this.count('given_back');
      log.info(row, 'given back');
    } else if (!PERMANENT.test(error.code) && leased.attempt < MAX_ATTEMPTS) {
      await leased.giveBack({ refund: false });
      this.count('retried');
      log.warn({ ...row, err: cause }, 'will be tried again');
    } else {
      await leased.giveUp(error);
      this.count('given_up');
      if (PERMANENT.test(error.code)) log.warn(row, `given up: ${error.message}`); // the fault lies in what was sent
      else log.error({ ...row, err: cause }, 'given up');
    }
  }

  private count(outcome: LabelsOf<'secondsight_work_ended_total'>['outcome']): void {
    this.totals.add('secondsight_work_ended_total', { outcome });
  }
}

const isLost = (error: unknown): boolean => error instanceof AppError && error.code === 'lease.lost';

/** What is not an AppError is a fault of ours or of the machine. */
function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new AppError('worker.unexpected', message, { cause: error });
}
