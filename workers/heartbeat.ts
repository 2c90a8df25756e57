// Tells Postgres every few seconds that this worker lives, and whether its model can serve.
import { Injectable } from '@nestjs/common';
import { AppError } from '../src/app-error.js';
import { HEARTBEAT_SECONDS, type WorkerModel, WorkersService } from '../src/health/index.js';
import { log } from '../src/platform/log/log.js';
import { WorkerContext } from './worker-context.js';

@Injectable()
export class Heartbeat {
  private timer: NodeJS.Timeout | undefined;
  private model: WorkerModel | null = null;
  private error: AppError | null = new AppError('worker.loading', 'The model is being loaded.');

  constructor(
    private readonly workers: WorkersService,
    private readonly context: WorkerContext,
  ) {}

  async start(): Promise<void> {
    await this.beat();
    this.timer = setInterval(() => void this.beat(), HEARTBEAT_SECONDS * 1000);
  }

  async ready(model: WorkerModel): Promise<void> {
    this.model = model;
    this.error = null;
    await this.beat();
  }

  async notReady(error: AppError): Promise<void> {
    this.error = error;
    await this.beat();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.workers.leave(this.context.workerId);
  }

  private async beat(): Promise<void> {
    const { model, error } = this;
    await this.workers
      .beat({
        id: this.context.workerId,
        status: error ? 'not_ready' : 'ready',
        model,
        errorCode: error?.code ?? null,
        errorMessage: error?.message ?? null,
      })
      .catch((cause: unknown) => log.warn({ err: cause }, 'the heartbeat did not reach the database'));
  }
}
