// `secondsight eval`: how right the answers are, on a data set of the field or on a world whose truth is known.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AppError } from '../../app-error.js';
import {
  type Dataset,
  evaluate,
  fileDataset,
  FINISHED,
  isFormat,
  Journal,
  type JudgedVideo,
  judgeVideo,
  type Progress,
  readPredictions,
  reportPage,
  type RunSettings,
  simpleWorld,
  type Summary,
  summarise,
  summaryJson,
  world,
} from '../../evaluation/index.js';
import { packedRoot } from '../../inference/index.js';
import { type Config, loadConfig } from '../../platform/config/config.js';
import { Media } from '../../platform/media/index.js';
import { ApiClient, type SamplingJson } from '../api-client.js';
import { tellLimitations } from '../limitations.js';
import { startStack, withoutSlash } from '../stack.js';
import { clock, ProgressBar } from '../table.js';
import { type Limit, requireLimits } from './limits.js';
import { RestService } from './rest-service.js';
import { nameOf, settingsOf } from './run-settings.js';
import { summaryTable } from './summary-table.js';

export interface EvalOptions {
  /** A world, a format of the field, or a file whose format is found out. */
  readonly dataset: string;
  readonly gt?: string | undefined;
  readonly videos?: string | undefined;
  readonly allowMissing: boolean;
  readonly model?: string | undefined;
  /** Score this file instead of asking. */
  readonly predictions?: string | undefined;
  readonly seed: number;
  readonly questions?: number | undefined;
  readonly fps?: number | undefined;
  readonly maxFrames?: number | undefined;
  /** Predictions are rounded to whole seconds before they are scored. */
  readonly wholeSeconds: boolean;
  readonly out?: string | undefined;
  /** A running service instead of one of its own. */
  readonly server?: string | undefined;
  readonly key?: string | undefined;
  readonly json: boolean;
  readonly failUnder: readonly Limit[];
  readonly failOver: readonly Limit[];
}

const QUESTIONS = 100; // of a world
const SCENE_SECONDS = 30;
const FPS = 2;

const tell = (sentence: string): void => void process.stderr.write(`${sentence}\n`);

/** Exit code 0; rejects with `evaluation.limit_missed` where a figure is on the wrong side of its limit. */
export async function evaluateCommand(options: EvalOptions): Promise<number> {
  const config = loadConfig({ ...process.env, ...(options.model !== undefined && { MODEL_DIR: options.model }) });
  const settings = await settingsOf(options, config);
  const folder = resolve(options.out ?? join(config.DATA_DIR, 'evaluations', nameOf(settings)));
  const dataset = await openDataset(options, config, join(folder, 'videos'));
  const judged = options.predictions === undefined ? await asked(options, config, dataset, folder, settings) : await scored(options, dataset, options.predictions);
  const summary = summarise(dataset.name, judged, options.seed);
  await writeReport(folder, summary, judged, settings);
  const json = summaryJson(summary);
  process.stdout.write(options.json ? `${JSON.stringify(json)}\n` : `${summaryTable(summary)}\n\nReport  ${join(folder, 'report.html')}\n`);
  requireLimits(json, options.failUnder, options.failOver);
  return 0;
}

async function openDataset(options: EvalOptions, config: Config, folder: string): Promise<Dataset> {
  const { dataset: name, seed, questions, gt, predictions } = options;
  const made = { seed, questions: questions ?? QUESTIONS, folder };
  if (name === 'world') return world(new Media(config), { ...made, secondsEach: SCENE_SECONDS });
  if (name === 'simple-world') return simpleWorld(new Media(config), { ...made, fps: options.fps ?? config.WINDOW_FPS ?? FPS });
  if (isFormat(name) && gt === undefined) throw new AppError('usage.invalid', `--gt FILE says where the questions of ${name} are.`);
  if (predictions === undefined && options.videos === undefined) throw new AppError('usage.invalid', '--videos DIR says where the videos are; --predictions FILE scores without them.');
  const files = await fileDataset({
    ...{ file: gt ?? name, format: isFormat(name) ? name : undefined, seed, questions },
    ...{ videos: predictions === undefined ? options.videos : undefined, allowMissing: options.allowMissing },
  });
  if (files.leftOut > 0) tell(`${files.leftOut} question(s) are left out, as their videos are not there.`);
  return files;
}

/** Asks a service of its own, on a data folder of its own, so that nothing else is answered from and nothing else is touched. */
async function asked(options: EvalOptions, config: Config, dataset: Dataset, folder: string, settings: RunSettings): Promise<JudgedVideo[]> {
  const journal = await Journal.open(folder, settings);
  if (journal.answers.size > 0) tell(`Going on after ${journal.answers.size} answers in ${folder}.`);
  await mkdir(join(folder, 'videos'), { recursive: true });
  const service = join(folder, 'service');
  const stack = options.server === undefined ? await startStack({ env: { PORT: '0', DATA_DIR: service, DATABASE_URL: '', REDIS_URL: '', ...(config.WEIGHTS !== 'fp32' && { WEIGHTS_DIR: packedRoot(config) }), ...(options.model !== undefined && { MODEL_DIR: config.MODEL_DIR }) } }) : undefined;
  const bar = new ProgressBar(process.stderr);
  try {
    const api = stack ? new ApiClient(stack.baseUrl) : new ApiClient(withoutSlash(options.server ?? ''), undefined, options.key ?? config.SECONDSIGHT_API_KEY);
    await tellLimitations(api, tell);
    const started = performance.now();
    const before = journal.answers.size;
    const show = (progress: Progress): void => draw(bar, progress, (performance.now() - started) / 1000, before);
    const videos = await evaluate(dataset, new RestService(api, samplingOf(options), stack !== undefined), journal, show);
    return videos.map((video) => judgeVideo(video, journal, options.wholeSeconds));
  } finally {
    bar.finish();
    await stack?.stop();
    await rm(join(folder, 'videos'), { recursive: true, force: true });
  }
}

function draw(bar: ProgressBar, { asked: done, total, video, doing }: Progress, seconds: number, before: number): void {
  const share = total === undefined || total === 0 ? 0 : done / total;
  const left = total !== undefined && done > before ? `, ${clock((seconds / (done - before)) * (total - done))} left` : '';
  bar.draw(share, `${done} of ${total ?? '?'} questions${left}: ${doing} ${video}`);
}

async function scored({ wholeSeconds }: EvalOptions, dataset: Dataset, file: string): Promise<JudgedVideo[]> {
  const predictions = await readPredictions(file);
  const judged: JudgedVideo[] = [];
  const known = new Set<string>();
  for await (const video of dataset.videos()) {
    judged.push(judgeVideo(video, predictions, wholeSeconds));
    for (const { qid } of video.questions) known.add(qid);
  }
  const [unknown] = [...predictions.answers.keys()].filter((qid) => !known.has(qid));
  if (unknown !== undefined) throw new AppError('predictions.unknown_question', `${file}: the data set has no question ${unknown}.`);
  return judged;
}

async function writeReport(folder: string, summary: Summary, videos: readonly JudgedVideo[], settings: RunSettings): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'report.html'), reportPage({ summary, videos, settings }));
  await rm(join(folder, 'service'), { recursive: true, force: true });
  await writeFile(join(folder, FINISHED), `${JSON.stringify(summaryJson(summary), null, 2)}\n`);
}

function samplingOf({ fps, maxFrames }: EvalOptions): SamplingJson | undefined {
  if (fps === undefined && maxFrames === undefined) return undefined;
  return { ...(fps !== undefined && { fps }), ...(maxFrames !== undefined && { max_frames: maxFrames }) };
}
