// /v1/metrics/history: how the installation was over the last minutes to days, as the charts of the page show it.
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { RequireScope } from '../platform/http/access.js';
import { chartsOf } from './history.js';
import { SAMPLE_SECONDS, Sampler } from './sampler.js';

/** Points of a line: more than a small chart has pixels to tell apart. */
const MOST_STEPS = 240;

const historyQuery = z.object({ minutes: z.coerce.number().int().min(5).max(10_080).default(60).describe('How far back, as far as samples are kept (METRICS_HISTORY_DAYS).') });

const historyResource = z
  .object({
    object: z.literal('metrics_history'),
    start_time: z.iso.datetime().describe('When the first step begins.'),
    step_seconds: z.number().int(),
    charts: z.array(
      z.object({
        id: z.enum(['waiting', 'age', 'windows', 'tokens', 'looks', 'deliveries', 'errors']),
        unit: z.enum(['pieces', 'seconds', 'per minute', 'per second']),
        kind: z.enum(['level', 'rate']).describe('level: the highest of each step; rate: the mean over it.'),
        lines: z.array(z.object({ id: z.string(), values: z.array(z.number().nullable()).describe('One for each step; null: nobody measured then.') })),
      }),
    ),
  })
  .meta({ id: 'MetricsHistory' });

@ApiTags('operation')
@RequireScope('admin')
@Controller('v1/metrics/history')
export class HistoryController {
  constructor(private readonly sampler: Sampler) {}

  @Get()
  @ApiOperation({ summary: 'Show how the installation was', description: 'Work that waits and its age, windows, tokens, looks by where they were seen, deliveries and errors, in even steps.' })
  @ApiOkResponse({ standardSchema: historyResource })
  async show(@Query({ schema: historyQuery }) { minutes }: z.infer<typeof historyQuery>): Promise<z.infer<typeof historyResource>> {
    const stepSeconds = Math.ceil((minutes * 60) / MOST_STEPS / SAMPLE_SECONDS) * SAMPLE_SECONDS;
    const count = Math.ceil((minutes * 60) / stepSeconds);
    const endSeconds = (Math.floor(Date.now() / 1000 / stepSeconds) + 1) * stepSeconds;
    const steps = { startSeconds: endSeconds - count * stepSeconds, stepSeconds, count };
    const samples = await this.sampler.since(steps.startSeconds - stepSeconds);
    const charts = chartsOf(samples, steps).map(({ chart: { id, unit, kind }, lines }) => ({ id: id as never, unit, kind, lines: lines.map((line) => ({ id: line.id, values: [...line.values] })) }));
    return { object: 'metrics_history', start_time: new Date(steps.startSeconds * 1000).toISOString(), step_seconds: stepSeconds, charts };
  }
}
