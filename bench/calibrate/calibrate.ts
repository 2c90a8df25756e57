// `npm run bench -- calibrate`: fits how sure the model sounds to how often it is right, on videos no other bench uses.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { simpleWorld, world } from '../../src/evaluation/index.js';
import { renderScene } from '../../src/evaluation/simple-world/render.js';
import { type Calibration, confidenceOf, expectedCalibrationError, fitCalibration, type JudgedScores } from '../../src/model/grounding/calibration.js';
import { type WrittenRange } from '../../src/model/grounding/compare.js';
import { loadConfig } from '../../src/platform/config/config.js';
import { absentQuestions } from '../../src/world/first/questions.js';
import { randomOf } from '../../src/world/first/random.js';
import { truthOf } from '../../src/world/first/scene.js';
import { mediaTools } from '../harness/ffmpeg.js';
import { type Product, withFolder, withProduct } from '../harness/product.js';
import { type Figures, print, tell } from '../harness/report.js';
import { hourScene } from '../hour/hour-scene.js';
import { askOne } from '../hour/questions.js';

export interface CalibrateOptions {
  /** Seeds of videos follow from it, far from those of the other benches and of evaluations. */
  readonly seed: number;
  readonly videos: number;
  /** Of the longest of them. */
  readonly minutes: number;
  /** Half-minute clips of each world, in which more happens at once. */
  readonly clips: number;
  /** Keeps videos and samples here. */
  readonly folder?: string | undefined;
  /** The fit becomes part of the secondsight.json in MODEL_DIR. */
  readonly write: boolean;
}

interface KnownVideo {
  readonly file: string;
  /** What does not happen has no true ranges. */
  readonly questions: readonly { readonly query: string; readonly truths: readonly WrittenRange[] }[];
}

const FIRST_SEED = 700_000;
/** Of the data sets, each of whose seeds stands for ten thousand scenes and more. */
const FIRST_SET = 70_000;
const RIGHT_IOU = 0.5;

export async function calibrate(options: CalibrateOptions): Promise<Figures> {
  return withFolder(options.folder, async (folder) => {
    const samples = await withProduct((product) => collect(product, knownVideos(folder, options)));
    if (options.folder !== undefined) await writeFile(join(folder, 'samples.json'), JSON.stringify(samples));
    const calibration = fitCalibration(samples);
    print(`For secondsight.json of the checkpoint:\n${JSON.stringify({ calibration }, null, 2)}`);
    if (options.write) await writeCalibration(calibration);
    const judged = samples.map(({ scores, correct }) => ({ correct, confidence: confidenceOf(scores, calibration) }));
    return { samples: samples.length, right: samples.filter(({ correct }) => correct).length, ece: expectedCalibrationError(judged) };
  });
}

/** Each video is asked before it is analysed and after. */
async function collect({ api }: Product, known: AsyncIterable<KnownVideo>): Promise<JudgedScores[]> {
  const samples: JudgedScores[] = [];
  let count = 0;
  for await (const { file, questions } of known) {
    const video = await api.upload(file);
    for (const isAnalysed of [false, true]) {
      if (isAnalysed) await api.follow(await api.analyze(video.id));
      for (const { query, truths } of questions) {
        // The best candidate, rejected by the present calibration or not, and whether it is right: the thing asked for, with an IoU of at least a half.
        const { scores, candidateIou } = await askOne({ api }, video.id, query, truths);
        if (scores) samples.push({ scores, correct: candidateIou >= RIGHT_IOU });
      }
    }
    await api.delete(video.id);
    tell(`video ${++count}: ${samples.length} samples`);
  }
  return samples;
}

/** Long videos with an event now and then, the second half as long as the first, the third a third; then clips of both worlds, crowded with events. */
async function* knownVideos(folder: string, { seed, videos, minutes, clips }: CalibrateOptions): AsyncGenerator<KnownVideo> {
  const media = mediaTools();
  for (let k = 0; k < videos; k++) {
    const scene = hourScene({ seed: FIRST_SEED + seed * 1000 + k, minutes: minutes / (k + 1) });
    const file = join(folder, `calibrate-${scene.seed}.mp4`);
    await renderScene(media, scene, { file });
    const events = truthOf(scene);
    const absent = absentQuestions(randomOf(scene.seed), scene, events.length);
    yield { file, questions: [...events.map((event) => ({ query: event.query, truths: [event] })), ...absent.map(({ query }) => ({ query, truths: [] }))] };
  }
  const set = { seed: FIRST_SET + seed, questions: Infinity, folder };
  for (const dataset of [simpleWorld(media, { ...set, fps: 2 }), world(media, { ...set, secondsEach: 30 })]) {
    let left = clips;
    for await (const clip of dataset.videos()) {
      if (left-- <= 0) break;
      const questions = clip.questions.map(({ query, windows }) => ({ query, truths: windows.map((range) => ({ start_time: range.startSeconds, end_time: range.endSeconds })) }));
      yield { file: await clip.open(), questions };
      await clip.close();
    }
  }
}

async function writeCalibration(calibration: Calibration): Promise<void> {
  const file = join(loadConfig().MODEL_DIR, 'secondsight.json');
  const notes = JSON.parse(await readFile(file, 'utf8')) as object;
  await writeFile(file, `${JSON.stringify({ ...notes, calibration }, null, 2)}\n`);
  tell(`Written to ${file}`);
}
