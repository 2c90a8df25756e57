// `secondsight eval`: how right the answers are, on a data set of the field or on a world whose truth is known.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AppError } from '../../app-error.js';
import {
  type Dataset,
  evaluate,
  fileDataset,
  FINISHED,
  footage,
  isFormat,
  Journal,
  type JudgedVideo,
  judgeVideo,
  pictureSummaryJson,
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
import { type Config, loadConfig } from '../../platform/config/config.js';
import { Media } from '../../platform/media/index.js';
import { type SamplingJson } from '../api-client.js';
import { clock, ProgressBar } from '../table.js';
import { evaluatePictures } from './eval-pictures.js';
import { type AskedService, tell, withService } from './eval-service.js';
import { type Limit, requireLimits } from './limits.js';
import { RestService } from './rest-service.js';
import { nameOf, settingsOf } from './run-settings.js';
import { pictureTable, summaryTable } from './summary-table.js';

export interface EvalOptions extends AskedService {
  /** A world, a format of the field, or a file whose format is found out. */
  readonly dataset: string;
  readonly gt?: string | undefined;
  readonly videos?: string | undefined;
  readonly allowMissing: boolean;
  /** Score this file instead of asking. */
  readonly predictions?: string | undefined;
  readonly seed: number;
  readonly questions?: number | undefined;
  readonly fps?: number | undefined;
  readonly maxFrames?: number | undefined;
  /** Predictions are rounded to whole seconds before they are scored. */
  readonly wholeSeconds: boolean;
  readonly out?: string | undefined;
  readonly json: boolean;
  readonly failUnder: readonly Limit[];
  readonly failOver: readonly Limit[];
}

const QUESTIONS = 100; // of a world
const SCENE_SECONDS = 30;
const FPS = 2;

/** Exit code 0; rejects with `evaluation.limit_missed` where a figure is on the wrong side of its limit. */
export async function evaluateCommand(options: EvalOptions): Promise<number> {
  const config = loadConfig({ ...process.env, ...(options.model !== undefined && { MODEL_DIR: options.model }) });
  const settings = await settingsOf(options, config);
  const folder = resolve(options.out ?? join(config.DATA_DIR, 'evaluations', nameOf(settings)));
  if (options.dataset === 'world-pictures') return onPictures(options, config, folder);
  const dataset = await openDataset(options, config, join(folder, 'videos'));
  const judged = options.predictions === undefined ? await asked(options, config, dataset, folder, settings) : await scored(options, dataset, options.predictions);
  const summary = summarise(dataset.name, judged, options.seed);
  await writeReport(folder, summary, judged, settings);
  const json = summaryJson(summary);
  process.stdout.write(options.json ? `${JSON.stringify(json)}\n` : `${summaryTable(summary)}\n\nReport  ${join(folder, 'report.html')}\n`);
  requireLimits(json, options.failUnder, options.failOver);
  return 0;
}

async function onPictures(options: EvalOptions, config: Config, folder: string): Promise<number> {
  if (options.predictions !== undefined) throw new AppError('usage.invalid', '--predictions FILE scores moments and events; pictures have none.');
  const summary = await evaluatePictures({ ...options, questions: options.questions ?? QUESTIONS }, config, folder);
  const json = pictureSummaryJson(summary);
  await rm(join(folder, 'service'), { recursive: true, force: true });
  await writeFile(join(folder, FINISHED), `${JSON.stringify(json, null, 2)}\n`);
  process.stdout.write(options.json ? `${JSON.stringify(json)}\n` : `${pictureTable(summary)}\n`);
  requireLimits(json, options.failUnder, options.failOver);
  return 0;
}

async function openDataset(options: EvalOptions, config: Config, folder: string): Promise<Dataset> {
  const { dataset: name, seed, questions, gt, predictions } = options;
  const made = { seed, questions: questions ?? QUESTIONS, folder };
  if (name === 'world') return world(new Media(config), { ...made, secondsEach: SCENE_SECONDS });
  if (name === 'simple-world') return simpleWorld(new Media(config), { ...made, fps: options.fps ?? config.WINDOW_FPS ?? FPS });
  if (name === 'footage') {
    if (options.videos === undefined) throw new AppError('usage.invalid', '--videos DIR says where the footage is.');
    return footage({ ...made, videos: options.videos });
  }
  if (isFormat(name) && gt === undefined) throw new AppError('usage.invalid', `--gt FILE says where the questions of ${name} are.`);
  if (predictions === undefined && options.videos === undefined) throw new AppError('usage.invalid', '--videos DIR says where the videos are; --predictions FILE scores without them.');
  const files = await fileDataset({
    ...{ file: gt ?? name, format: isFormat(name) ? name : undefined, seed, questions },
    ...{ videos: predictions === undefined ? options.videos : undefined, allowMissing: options.allowMissing },
  });
  if (files.leftOut > 0) tell(`${files.leftOut} question(s) are left out, as their videos are not there.`);
  return files;
}

async function asked(options: EvalOptions, config: Config, dataset: Dataset, folder: string, settings: RunSettings): Promise<JudgedVideo[]> {
  const journal = await Journal.open(folder, settings);
  if (journal.answers.size > 0) tell(`Going on after ${journal.answers.size} answers in ${folder}.`);
  await mkdir(join(folder, 'videos'), { recursive: true });
  const bar = new ProgressBar(process.stderr);
  try {
    return await withService(options, config, folder, async (api, isOurs) => {
      const started = performance.now();
      const before = journal.answers.size;
      const show = (progress: Progress): void => draw(bar, progress, (performance.now() - started) / 1000, before);
      const videos = await evaluate(dataset, new RestService(api, samplingOf(options), isOurs), journal, show);
      return videos.map((video) => judgeVideo(video, journal, options.wholeSeconds));
    });
  } finally {
    bar.finish();
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
