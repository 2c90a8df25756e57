// /v1/workers: who works, on which devices, and on what.
import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { RequireScope } from '../platform/http/access.js';
import { type HeldWork, HeldWorkService, WORK_KINDS } from './held-work.js';
import { type WorkerHeartbeat } from './worker-heartbeat.entity.js';
import { WorkersService } from './workers.service.js';

const workersResource = z
  .object({
    object: z.literal('workers'),
    data: z.array(
      z.object({
        id: z.string(),
        status: z.enum(['ready', 'not_ready']),
        model: z.string().nullable(),
        devices: z.array(z.string()).describe('Where its model runs: cpu:0, cuda:1, or the address of a server; none where it runs none.'),
        started_at: z.iso.datetime(),
        seen_at: z.iso.datetime(),
        doing: z
          .array(
            z.object({
              kind: z.enum(WORK_KINDS).describe('scan and plan of an analysis, window: one look of the model; fetch: a video by URL; copy: one that browsers play.'),
              video: z.object({ id: z.uuid(), name: z.string() }).nullable().describe('Null for work on none or on several.'),
              since: z.iso.datetime().describe('When it was taken, or last told how far it is.'),
            }),
          )
          .describe('The longest first.'),
      }),
    ),
  })
  .meta({ id: 'Workers' });

@ApiTags('operation')
@RequireScope('admin')
@Controller('v1/workers')
export class WorkersController {
  constructor(
    private readonly workers: WorkersService,
    private readonly work: HeldWorkService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List the living workers with what they do now' })
  @ApiOkResponse({ standardSchema: workersResource })
  async list(): Promise<z.infer<typeof workersResource>> {
    const [workers, work] = await Promise.all([this.workers.alive(), this.work.list()]);
    return { object: 'workers', data: workers.map((worker) => presentWorker(worker, work.filter((held) => held.worker === worker.id))) };
  }
}

const presentWorker = ({ id, status, model, startedAt, seenAt }: WorkerHeartbeat, work: readonly HeldWork[]) => ({
  ...{ id, status, model: model?.name ?? null, devices: [...(model?.devices ?? [])] },
  ...{ started_at: startedAt.toISOString(), seen_at: seenAt.toISOString() },
  doing: work.map(({ kind, videoId, videoName, since }) => ({ kind, video: videoId === null ? null : { id: videoId, name: videoName ?? '' }, since: since.toISOString() })),
});
