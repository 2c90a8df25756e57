// What every processor shares: who this worker is, its model, its media tools, and how work under a lease may end.
import { Inject, Injectable } from '@nestjs/common';
import { hostname } from 'node:os';
import { DataSource } from 'typeorm';
import { AppError } from '../src/app-error.js';
import { type Inference } from '../src/inference/inference.js';
import { CONFIG, type Config } from '../src/platform/config/config.js';
import { type Lease, whileLeased } from '../src/platform/database/lease.js';
import { log } from '../src/platform/log/log.js';

/** Injection token of the Inference. */
export const INFERENCE = Symbol('Inference');

/** Used where neither the configuration nor the checkpoint says otherwise. */
const WINDOW_DEFAULTS = { windowSeconds: 30, overlapSeconds: 6, fps: 2 };

/** Faults that another attempt may not meet. */
const TRANSIENT = /^(inference\.(child_died|timeout)|media\.(timeout|interrupted)|storage\.full|worker\.)/;

export interface LeasedWork {
  readonly attempt: number;
  readonly maxAttempts: number;
  work(signal: AbortSignal): Promise<void>;
  /** Back to the others at once: this worker stops, or its model is not to be had. */
  giveBack(): Promise<void>;
  /** Back, for another attempt later. */
  retry(error: AppError): Promise<void>;
  /** The end. */
  giveUp(error: AppError): Promise<void>;
}

@Injectable()
export class WorkerContext {
  /** Unique to this run of this worker. */
  readonly workerId = `${hostname()}:${process.pid}:${Date.now().toString(36)}`;
  private readonly stopping = new AbortController();

  constructor(
    private readonly dataSource: DataSource,
    @Inject(CONFIG) readonly config: Config,
    @Inject(INFERENCE) readonly inference: Inference,
  ) {}

  /** Work in progress stops at its next slice and gives its leases back. */
  stop(): void {
    this.stopping.abort(new AppError('worker.stopping', 'The worker is stopping.'));
  }

  /** Configuration before the checkpoint's own recommendation before the defaults. */
  async windowDefaults(): Promise<typeof WINDOW_DEFAULTS> {
    const { WINDOW_SECONDS, WINDOW_OVERLAP_SECONDS, WINDOW_FPS } = this.config;
    const model = await this.inference.model();
    return {
      windowSeconds: WINDOW_SECONDS ?? model.windowSeconds ?? WINDOW_DEFAULTS.windowSeconds,
      overlapSeconds: WINDOW_OVERLAP_SECONDS ?? model.windowOverlapSeconds ?? WINDOW_DEFAULTS.overlapSeconds,
      fps: WINDOW_FPS ?? model.fps ?? WINDOW_DEFAULTS.fps,
    };
  }

  /** Runs `work` under its lease and settles how it ended; never rejects for anything the row can remember. */
  async underLease(lease: Lease, leased: LeasedWork): Promise<void> {
    const row = { table: lease.table, id: lease.id };
    try {
      await whileLeased(this.dataSource, lease, this.config.LEASE_SECONDS, (signal) => leased.work(signal), this.stopping.signal);
    } catch (cause) {
      const error = asAppError(cause);
      if (error.code === 'lease.lost') {
        log.info({ ...row }, error.message);
      } else if (this.stopping.signal.aborted || error.code.startsWith('checkpoint.')) {
        await leased.giveBack();
      } else if (TRANSIENT.test(error.code) && leased.attempt < leased.maxAttempts) {
        log.warn({ ...row, code: error.code, err: cause }, 'will be tried again');
        await leased.retry(error);
      } else {
        log.error({ ...row, code: error.code, err: cause }, 'failed');
        await leased.giveUp(error);
      }
    }
  }
}

/** What is not an AppError is a fault of ours or of the machine. */
function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new AppError('worker.unexpected', message, { cause: error });
}
