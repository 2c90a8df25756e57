// /health: is this process alive, can it serve, and which workers stand behind it.
import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { CONFIG, type Config } from '../platform/config/config.js';
import { RequireScope } from '../platform/http/access.js';
import { QUEUE, type Queue } from '../platform/queue/queue.js';
import { STORAGE, type Storage } from '../platform/storage/index.js';
import { diskSpace } from '../platform/storage/disk-space.js';
import { StoreProbe } from './store-probe.js';
import { type WorkerHeartbeat } from './worker-heartbeat.entity.js';
import { WorkersService } from './workers.service.js';

const readiness = z
  .object({
    status: z.enum(['ready', 'degraded', 'not_ready']).describe('degraded: answers, but no worker can do work yet, the queue is away, or the disk is too full to take videos.'),
    database: z.enum(['up', 'down']),
    storage: z.enum(['up', 'down']).describe('Where the videos lie: the bucket of S3_BUCKET, or the folder of DATA_DIR.'),
    queue: z.enum(['up', 'down']).describe('While it is down nothing is lost: work is found again when it is back.'),
    disk: z.object({
      status: z.enum(['ok', 'low']).describe('low: free_bytes is below reserve_bytes.'),
      free_bytes: z.number().int(),
      reserve_bytes: z.number().int(),
    }),
    workers: z.array(
      z.object({
        id: z.string(),
        status: z.enum(['ready', 'not_ready']),
        model: z.string().nullable(),
        error: z.object({ code: z.string(), message: z.string() }).nullable(),
        seen_at: z.iso.datetime(),
      }),
    ),
  })
  .meta({ id: 'Readiness' });

@ApiTags('operation')
@Controller()
export class HealthController {
  private readonly store: StoreProbe;

  constructor(
    private readonly workers: WorkersService,
    @Inject(QUEUE) private readonly queue: Queue,
    @Inject(STORAGE) storage: Storage,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    this.store = new StoreProbe(storage);
  }

  @RequireScope('public')
  @Get('health/live')
  @ApiOperation({ summary: 'The process runs' })
  @ApiOkResponse({ schema: { type: 'object', properties: { status: { type: 'string', enum: ['live'] } } } })
  live() {
    return { status: 'live' };
  }

  @RequireScope('public')
  @Get('health/ready')
  @ApiOperation({ summary: 'The service can take requests', description: '503 while the database or the store of the videos is away; the answer names it.' })
  @ApiOkResponse({ standardSchema: readiness })
  @ApiServiceUnavailableResponse({ standardSchema: readiness })
  async ready(@Res({ passthrough: true }) response: Response): Promise<z.infer<typeof readiness>> {
    const [alive, storage, queue, disk] = await Promise.all([this.workers.alive().catch(() => undefined), this.store.tell(), this.queueState(), this.diskState()]);
    const state = { database: alive ? ('up' as const) : ('down' as const), storage, queue, disk, workers: alive?.map(presentWorker) ?? [] };
    if (!alive || storage === 'down') {
      response.status(503);
      return { status: 'not_ready', ...state };
    }
    const isWell = queue === 'up' && disk.status === 'ok' && alive.some((worker) => worker.status === 'ready');
    return { status: isWell ? 'ready' : 'degraded', ...state };
  }

  private queueState(): Promise<'up' | 'down'> {
    return this.queue.check().then(
      () => 'up',
      () => 'down',
    );
  }

  private async diskState() {
    const { STORAGE_RESERVE_BYTES: reserve, DATA_DIR } = this.config;
    const { freeBytes } = await diskSpace(DATA_DIR);
    return { status: freeBytes < reserve ? ('low' as const) : ('ok' as const), free_bytes: freeBytes, reserve_bytes: reserve };
  }
}

function presentWorker(worker: WorkerHeartbeat) {
  return {
    id: worker.id,
    status: worker.status,
    model: worker.model?.name ?? null,
    error: worker.errorCode ? { code: worker.errorCode, message: worker.errorMessage ?? '' } : null,
    seen_at: worker.seenAt.toISOString(),
  };
}
