// `secondsight analyze FILE...`: one analysis per file, printed as a table or as one line of JSON each.
import { AppError } from '../app-error.js';
import { type ApiClient, type SegmentJson } from './api-client.js';
import { type WarningJson } from './api-types.js';
import { tellLimitations, told } from './limitations.js';
import { withService } from './stack.js';
import { clock, printable, ProgressBar, table } from './table.js';

export interface AnalyzeOptions {
  readonly jsonl: boolean;
  /** A running service; without it one is started for the time of the command. */
  readonly server?: string | undefined;
  readonly key?: string | undefined;
  readonly fps?: number | undefined;
}

/** One line of `--jsonl`. */
export interface AnalyzedFile {
  readonly file: string;
  readonly status: 'ready' | 'failed' | 'refused' | 'canceled';
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly video_id: string | null;
  readonly duration: number | null;
  readonly decoded_until: number | null;
  readonly warnings: readonly WarningJson[];
  readonly segments: readonly SegmentJson[];
}

/** Exit code 0 when every file is `ready`, 1 otherwise. */
export async function analyze(files: readonly string[], options: AnalyzeOptions): Promise<number> {
  return withService(options, async (api) => {
    await tellLimitations(api, (sentence) => process.stderr.write(`${sentence}\n`));
    let allReady = true;
    for (const file of files) {
      const result = await analyzeFile(api, file, options);
      allReady &&= result.status === 'ready';
      process.stdout.write(options.jsonl ? `${JSON.stringify(result)}\n` : describe(result));
    }
    return allReady ? 0 : 1;
  });
}

async function analyzeFile(api: ApiClient, file: string, options: AnalyzeOptions): Promise<AnalyzedFile> {
  const nothing = { file, video_id: null, duration: null, decoded_until: null, warnings: [], segments: [] };
  try {
    const { id } = await api.upload(file);
    const started = await api.analyze(id, options.fps === undefined ? {} : { sampling: { fps: options.fps } });
    const bar = new ProgressBar(process.stderr);
    const task = await api.follow(started, ({ progress, stage }) => bar.draw(progress, `${file}: ${stage}`));
    bar.finish();
    const { duration, decoded_until } = await api.video(id);
    const status = task.status === 'ready' || task.status === 'canceled' ? task.status : 'failed';
    return { file, status, error: task.error, video_id: id, duration, decoded_until, warnings: task.warnings, segments: await api.segments(id, task.id) };
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'api.unreachable') throw error;
    return { ...nothing, status: 'refused', error: { code: error.code, message: error.message } };
  }
}

/** Of a failure too what there is: signals of the scan, and windows that were looked at. */
function describe({ file, status, error, duration, warnings, segments }: AnalyzedFile): string {
  const outcome = error ? `${error.code}: ${error.message}` : `${duration?.toFixed(2)} s`;
  const warned = told(warnings).map(({ code, message }) => `warning: ${code}: ${message}\n`).join('');
  const rows = segments.map((s) => [clock(s.start_time), clock(s.end_time), s.type, s.confidence?.toFixed(2) ?? '', s.text]);
  const list = error && rows.length === 0 ? '' : `${table(['start', 'end', 'type', 'sure', 'text'], rows)}\n`;
  return `${printable(file)}: ${status}${error ? ':' : ','} ${printable(outcome)}\n${warned}${list}`;
}
