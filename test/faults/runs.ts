// A video from upload to its last answer, by a client with patience; and what two runs of it must have in common.
import { type AskOptions, type TaskJson } from '../../src/cli/api-client.js';
import { anotherCopy } from '../e2e/clip-copies.js';
import { type BreakableProduct } from './breakable-product.js';
import { resultsOf } from './results.js';

export interface Run {
  readonly videoId: string;
  readonly taskId: string;
}

export interface EndedRun extends Run {
  readonly task: TaskJson;
  /** Without ids, as one text. */
  readonly results: string;
}

export interface Question extends AskOptions {
  readonly query: string;
  /** Return the saliency curve too. */
  readonly curve?: boolean;
}

/** Uploads and asks for an analysis, while the scan begins. */
export async function beginRun(product: BreakableProduct, file: string, request: Record<string, unknown> = {}): Promise<Run> {
  const copy = anotherCopy(file);
  const video = await product.patiently((client) => client.upload(copy));
  const task = await product.patiently((client) => client.analyze(video.id, request));
  return { videoId: video.id, taskId: task.id };
}

/** Waits for scan and analysis, whatever servers come and go, then asks the questions. */
export async function endRun(product: BreakableProduct, run: Run, questions: readonly Question[] = []): Promise<EndedRun> {
  await product.untilRows(
    `SELECT 1 FROM tasks JOIN scans ON scans.id = tasks.video_id WHERE tasks.id = $1 AND tasks.finished_at IS NOT NULL AND scans.finished_at IS NOT NULL`,
    [run.taskId],
  );
  const task = await product.patiently(() => product.task(run.taskId));
  const answers: unknown[] = [];
  for (const { query, ...options } of questions) answers.push(await product.patiently((client) => client.ask(run.videoId, query, options)));
  return { ...run, task, results: await product.patiently(() => resultsOf(product, run.videoId, task, answers)) };
}

export async function wholeRun(product: BreakableProduct, file: string, questions: readonly Question[] = []): Promise<EndedRun> {
  return endRun(product, await beginRun(product, file), questions);
}

/** How many windows and chunks were begun more than once, each further time counted. */
export async function repeatsOf(product: BreakableProduct, { videoId, taskId }: Run): Promise<{ windows: number; chunks: number }> {
  const [windows] = await product.rows<{ n: number }>('SELECT sum(attempt - 1)::int AS n FROM windows WHERE task_id = $1', [taskId]);
  const [chunks] = await product.rows<{ n: number }>('SELECT sum(attempt - 1)::int AS n FROM scan_chunks WHERE video_id = $1', [videoId]);
  return { windows: windows!.n, chunks: chunks!.n };
}
