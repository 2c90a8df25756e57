// /health: is this process alive, can it serve, and which workers stand behind it; /v1/models: what they run.
import { Controller, Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { RequireScope } from '../platform/http/access.js';
import { type WorkerHeartbeat } from './worker-heartbeat.entity.js';
import { WorkersService } from './workers.service.js';

const readiness = z
  .object({
    status: z.enum(['ready', 'degraded', 'not_ready']).describe('degraded: accepts work, but no worker can do it yet.'),
    database: z.enum(['up', 'down']),
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

const modelList = z
  .object({
    object: z.literal('list'),
    data: z.array(
      z.object({
        id: z.string(),
        object: z.literal('model'),
        hash: z.string(),
        parameters: z.number().int(),
        limitation: z.string().nullable().describe('What to know before believing its answers.'),
      }),
    ),
  })
  .meta({ id: 'ModelList' });

@ApiTags('operation')
@Controller()
export class HealthController {
  constructor(private readonly workers: WorkersService) {}

  @RequireScope('public')
  @Get('health/live')
  @ApiOperation({ summary: 'The process runs' })
  @ApiOkResponse({ schema: { type: 'object', properties: { status: { type: 'string', enum: ['live'] } } } })
  live() {
    return { status: 'live' };
  }

  @RequireScope('public')
  @Get('health/ready')
  @ApiOperation({ summary: 'The service can take requests', description: '503 while the database is away.' })
  @ApiOkResponse({ standardSchema: readiness })
  @ApiServiceUnavailableResponse({ standardSchema: readiness })
  async ready(@Res({ passthrough: true }) response: Response): Promise<z.infer<typeof readiness>> {
    const workers = await this.workers.alive().catch(() => undefined);
    if (!workers) {
      response.status(503);
      return { status: 'not_ready', database: 'down', workers: [] };
    }
    const status = workers.some((worker) => worker.status === 'ready') ? 'ready' : 'degraded';
    return { status, database: 'up', workers: workers.map(presentWorker) };
  }

  @RequireScope('videos:read')
  @Get('v1/models')
  @ApiOperation({ summary: 'List the models that the living workers run' })
  @ApiOkResponse({ standardSchema: modelList })
  async models(): Promise<z.infer<typeof modelList>> {
    const models = (await this.workers.alive()).flatMap(({ model }) => (model ? [model] : []));
    const unique = [...new Map(models.map((model) => [model.hash, model])).values()];
    return {
      object: 'list',
      data: unique.map(({ name, hash, parameters, limitation }) => ({ id: name, object: 'model', hash, parameters, limitation })),
    };
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
