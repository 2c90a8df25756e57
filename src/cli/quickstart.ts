// `secondsight quickstart [FILE]`: the whole product once, from a clip to answers, beside what is known to be true.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ApiClient, type MomentsJson, type SegmentJson, type VideoJson } from './api-client.js';
import { iou, sameDescription } from '../model/grounding/compare.js';
import { tellLimitations, told } from './limitations.js';
import { startStack } from './stack.js';
import { clock, ProgressBar, table } from './table.js';

const DEMO = fileURLToPath(new URL('../../../models/demo/short_30s', import.meta.url));

/** An event of a clip, as whoever made the clip knows it; seconds from the first frame. */
interface Truth {
  readonly start_time: number;
  readonly end_time: number;
  readonly query: string;
}

/** Nothing of this kind happens in the demo clip. */
const ABSENT_FROM_DEMO = 'blue square moves right';

export interface QuickstartOptions {
  /** Stop after the answers instead of serving on. */
  readonly once: boolean;
}

const print = (text = ''): void => void process.stdout.write(`${text}\n`);

/** Exit code 0 once everything was answered. */
export async function quickstart(file: string | undefined, { once }: QuickstartOptions): Promise<number> {
  const stack = await startStack();
  try {
    const api = new ApiClient(stack.baseUrl, undefined, stack.key);
    await introduce(api);
    const truth = file === undefined ? (JSON.parse(await readFile(`${DEMO}.json`, 'utf8')) as Truth[]) : undefined;
    const video = await analyzeClip(api, file === undefined ? `${DEMO}.mp4` : resolve(file), truth);
    const questions = truth ? [truth[0]?.query ?? '', ABSENT_FROM_DEMO] : [];
    for (const question of questions) await ask(api, video, question, truth);
    if (!once) {
      print(`\nPage    ${stack.baseUrl}\nAPI     ${stack.baseUrl}/docs\nHealth  ${stack.baseUrl}/health/ready`);
      print('Serving; Ctrl-C stops everything. The next start keeps the data.');
      await stack.stopped;
    }
    return 0;
  } finally {
    await stack.stop();
  }
}

async function introduce(api: ApiClient): Promise<void> {
  for (const model of await api.models()) print(`\nModel ${model.id} (${model.hash})`);
  await tellLimitations(api, print);
}

async function analyzeClip(api: ApiClient, file: string, truth: readonly Truth[] | undefined): Promise<VideoJson> {
  print(`\nPOST /v1/videos  ${file}`);
  const video = await api.upload(file);
  print(`${video.id}: ${video.duration.toFixed(2)} s, ${video.width} x ${video.height}\n\nPOST /v1/analyze/tasks`);
  const bar = new ProgressBar(process.stdout);
  const task = await api.follow(await api.analyze(video.id), ({ progress, stage, windows }) =>
    bar.draw(progress, `${stage}, ${windows.done} of ${windows.total} windows`),
  );
  bar.finish();
  if (task.error) print(`The analysis failed: ${task.error.code}: ${task.error.message}`);
  for (const warning of told(task.warnings)) print(`warning: ${warning.code}: ${warning.message}`);
  const segments = await api.segments(video.id);
  print(`\nWhat the model says (GET /v1/videos/${video.id}/segments?source=model)`);
  print(truth ? besideTruth(segments.filter((s) => s.source === 'model'), truth) : listed(segments, 'model'));
  print(`\nWhat was measured without a model (source=signal)\n${listed(segments, 'signal')}`);
  return video;
}

async function ask(api: ApiClient, video: VideoJson, question: string, truth: readonly Truth[] | undefined): Promise<void> {
  print(`\nPOST /v1/videos/${video.id}/moments  { "query": "${question}" }`);
  print(`answer  ${sentence(await api.ask(video.id, question))}`);
  if (!truth) return;
  const event = truth.find(({ query }) => query === question);
  print(`truth   ${event ? `${clock(event.start_time)} - ${clock(event.end_time)}` : 'not in this video'}`);
}

function sentence({ answer, data }: MomentsJson): string {
  if (answer === 'not_in_video') return 'not in this video';
  return data.map((m) => `${clock(m.start_time)} - ${clock(m.end_time)} (${sureness(m.confidence ?? 0)} % sure)`).join(', ');
}

/** Whole percent, rounded down: nothing is wholly sure. */
const sureness = (confidence: number): number => Math.min(99, Math.floor(confidence * 100));

/** Each true event with the segment that overlaps it best among those of the same words, then what is left over. */
function besideTruth(segments: readonly SegmentJson[], truth: readonly Truth[]): string {
  const left = new Set(segments);
  const rows = truth.map((event) => {
    const best = [...left].filter((s) => sameDescription(s.text, event.query)).sort((a, b) => iou(b, event) - iou(a, event))[0];
    if (best) left.delete(best);
    const said = best ? [clock(best.start_time), clock(best.end_time), iou(best, event).toFixed(2)] : ['-', '-', '0.00'];
    return [event.query, clock(event.start_time), clock(event.end_time), ...said];
  });
  const extra = [...left].map((s) => [s.text, '', '', clock(s.start_time), clock(s.end_time), '']);
  return table(['event', 'true start', 'true end', 'start', 'end', 'IoU'], [...rows, ...extra]);
}

function listed(segments: readonly SegmentJson[], source: SegmentJson['source']): string {
  const rows = segments.filter((s) => s.source === source);
  if (rows.length === 0) return 'nothing';
  return table(['start', 'end', 'type', 'text'], rows.map((s) => [clock(s.start_time), clock(s.end_time), s.type, s.text]));
}
