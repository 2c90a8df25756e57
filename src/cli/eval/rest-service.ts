// The service under evaluation, reached by its public API.
import { AppError, type ErrorCode } from '../../app-error.js';
import { type AskOptions, type EvaluatedService, type ServiceAnswer } from '../../evaluation/index.js';
import { costNow, workOf } from '../../platform/embedded/process-cost.js';
import { type ApiClient, type SamplingJson, type SpanJson } from '../api-client.js';

/** Moments asked for: as many as the field's protocol counts. */
const TOP_K = 10;

/** Two rows of two patches become one token. */
const PATCHES_A_TOKEN = 4;

export class RestService implements EvaluatedService {
  constructor(
    private readonly api: ApiClient,
    private readonly sampling: SamplingJson | undefined,
    /** The service runs below this process, on Linux: what it costs can be read. */
    private readonly isOurs: boolean,
  ) {}

  upload(file: string): ReturnType<EvaluatedService['upload']> {
    return this.api.upload(file);
  }

  async analyse(videoId: string): ReturnType<EvaluatedService['analyse']> {
    const task = await this.api.follow(await this.api.analyze(videoId, this.sampled));
    if (task.status !== 'ready') throw new AppError((task.error?.code ?? 'task.canceled') as ErrorCode, task.error?.message ?? 'The analysis was canceled.');
    const windows = await this.api.windows(task.id);
    const patches = windows.map(({ video_grid_thw: grid }) => (grid ? grid.reduce((product, side) => product * side, 1) : 0));
    const segments = (await this.api.segments(videoId, task.id)).filter(({ source }) => source === 'model');
    return {
      events: segments.map(({ text, ...span }) => ({ ...rangeOf(span), text })),
      unparsed: task.unparsed,
      videoTokens: patches.reduce((sum, count) => sum + count, 0) / PATCHES_A_TOKEN,
    };
  }

  async ask(videoId: string, query: string, { allowNone, curve: wanted }: AskOptions): Promise<ServiceAnswer> {
    const answer = await this.api.ask(videoId, query, { top_k: TOP_K, allow_none: allowNone, curve: wanted, ...this.sampled });
    const best = answer.data[0] ?? answer.best_rejected ?? undefined;
    return {
      moments: answer.data.map((span) => ({ ...rangeOf(span), score: span.confidence ?? 0 })),
      candidate: best && rangeOf(best),
      confidence: best?.confidence ?? null,
      unparsed: answer.searched?.unparsed ?? 0,
      curve: answer.curve ? { startSeconds: answer.curve.start_time, stepSeconds: answer.curve.step_seconds, values: answer.curve.values } : undefined,
    };
  }

  remove(videoId: string): Promise<void> {
    return this.api.delete(videoId);
  }

  cpuSeconds(): number | undefined {
    return this.isOurs && process.platform === 'linux' ? workOf(costNow()) : undefined;
  }

  private get sampled(): { sampling?: SamplingJson } {
    return this.sampling === undefined ? {} : { sampling: this.sampling };
  }
}

const rangeOf = ({ start_time: startSeconds, end_time: endSeconds }: Pick<SpanJson, 'start_time' | 'end_time'>) => ({ startSeconds, endSeconds });
