// Tells Postgres every few seconds that this worker lives, and whether it serves: its model is loaded and it answers the queue.
import { Injectable } from '@nestjs/common';
import { AppError } from '../src/app-error.js';
import { HEARTBEAT_SECONDS, WorkersService } from '../src/health/index.js';
import { type ModelCard } from '../src/inference/inference.js';
import { devicesOf, nameOfDevice } from '../src/platform/config/devices.js';
import { log } from '../src/platform/log/log.js';
import { WorkerContext } from './worker-context.js';

const LOADING = new AppError('worker.loading', 'The model is being loaded.');

@Injectable()
export class Heartbeat {
  private timer: NodeJS.Timeout | undefined;
  private model: ModelCard | undefined;
  private fault: AppError | undefined;
  private serving = false;
  private looking = false;
  private onLoaded = (): void => undefined;

  constructor(
    private readonly workers: WorkersService,
    private readonly context: WorkerContext,
  ) {
    this.fault = this.needsModel ? LOADING : undefined;
  }

  private get needsModel(): boolean {
    return this.context.config.WORKER_ROLES.includes('model');
  }

  private get devices(): readonly string[] {
    const { config } = this.context;
    return config.VLLM_URLS ?? devicesOf(config).map(nameOfDevice);
  }

  /**
   * Resolves once the model is loaded, where a role of this worker needs one: a checkpoint that is refused is looked at again at every
   * beat, as somebody may be mending it.
   */
  async start(): Promise<void> {
    const loaded = new Promise<void>((resolve) => (this.onLoaded = resolve));
    await this.tell();
    const beat = (): void => {
      if (this.needsModel) void this.lookAtModel();
      void this.tell();
    };
    this.timer = setInterval(beat, HEARTBEAT_SECONDS * 1000);
    if (!this.needsModel) return;
    void this.lookAtModel();
    await loaded;
  }

  /** The queue is being answered. */
  async serve(): Promise<void> {
    this.serving = true;
    await this.tell();
    const { name, hash, limitation } = this.model ?? {};
    log.info({ model: name, hash, roles: this.context.config.WORKER_ROLES.join() }, 'worker ready');
    if (limitation) log.warn({ model: name }, limitation);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.workers.leave(this.context.workerId);
  }

  /** Also starts the inference process again after it died. */
  private async lookAtModel(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      this.model = await this.context.inference.model();
      this.fault = undefined;
      this.onLoaded();
    } catch (cause) {
      const fault = cause instanceof AppError ? cause : new AppError('worker.unexpected', String(cause), { cause });
      if (fault.code === 'inference.closed') return;
      if (fault.code !== this.fault?.code) log.error({ code: fault.code }, `not ready: ${fault.message}`);
      this.fault = fault;
      await this.tell();
    } finally {
      this.looking = false;
    }
  }

  private async tell(): Promise<void> {
    const fault = this.fault ?? (this.serving ? undefined : LOADING);
    const { name, hash, notesHash = '', parameters, limitation = null, windowSeconds = null, fps = null, calibration, trainedFor = null, figures = [] } = this.model ?? {};
    const card = { windowSeconds, fps, calibrated: calibration !== undefined, trainedFor, figures };
    await this.workers
      .beat({
        id: this.context.workerId,
        status: fault ? 'not_ready' : 'ready',
        model: name && hash && parameters !== undefined ? { name, hash, notesHash, parameters, limitation, devices: this.devices, card } : null,
        errorCode: fault?.code ?? null,
        errorMessage: fault?.message ?? null,
      })
      .catch((cause: unknown) => log.warn({ err: cause }, 'the heartbeat did not reach the database'));
  }
}
