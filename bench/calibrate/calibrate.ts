// `npm run bench -- calibrate`: fits how sure the model sounds to how often it is right, on videos no other bench uses.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { confidenceOf, expectedCalibrationError, fitCalibration, type JudgedScores } from '../../src/model/grounding/calibration.js';
import { askAbsent, type Asked, askPresent } from '../hour/questions.js';
import { type Product, withFolder, withProduct } from '../harness/product.js';
import { randomOf } from '../../src/world/first/random.js';
import { mediaTools } from '../harness/ffmpeg.js';
import { type Figures, print, tell } from '../harness/report.js';
import { absentQuestions } from '../../src/world/first/questions.js';
import { renderScene } from '../../src/evaluation/simple-world/render.js';
import { type Scene, truthOf } from '../../src/world/first/scene.js';
import { clipScene } from '../../src/world/first/clip-scene.js';
import { hourScene } from '../hour/hour-scene.js';

export interface CalibrateOptions {
  /** Seeds of videos are this one and those after it, far from those of the other benches. */
  readonly seed: number;
  readonly videos: number;
  /** Of the longest of them. */
  readonly minutes: number;
  /** Half-minute clips in which more happens at once. */
  readonly clips: number;
  /** Keeps videos and samples here. */
  readonly folder?: string | undefined;
}

const FIRST_SEED = 700_000;
const RIGHT_IOU = 0.5;
const ABSENT_FOR_EACH_PRESENT = 1;

export async function calibrate(options: CalibrateOptions): Promise<Figures> {
  return withFolder(options.folder, async (folder) => {
    const samples = await withProduct((product) => collect(product, folder, options));
    if (options.folder !== undefined) await writeFile(join(folder, 'samples.json'), JSON.stringify(samples));
    const calibration = fitCalibration(samples);
    print(`For secondsight.json of the checkpoint:\n${JSON.stringify({ calibration }, null, 2)}`);
    const judged = samples.map(({ scores, correct }) => ({ correct, confidence: confidenceOf(scores, calibration) }));
    return { samples: samples.length, right: samples.filter(({ correct }) => correct).length, ece: expectedCalibrationError(judged) };
  });
}

/** Long videos with an event now and then, the second half as long as the first, the third a third; clips crowded with events; each is asked before it is analysed and after. */
async function collect(product: Product, folder: string, { seed, videos, minutes, clips }: CalibrateOptions): Promise<JudgedScores[]> {
  const seeds = (count: number, from: number): number[] => Array.from({ length: count }, (_, k) => FIRST_SEED + seed * 1000 + from + k);
  const scenes = [...seeds(videos, 0).map((each, k) => hourScene({ seed: each, minutes: minutes / (k + 1) })), ...seeds(clips, 500).map(clipScene)];
  const samples: JudgedScores[] = [];
  for (const [k, scene] of scenes.entries()) {
    const file = join(folder, `calibrate-${scene.seed}.mp4`);
    await renderScene(mediaTools(), scene, { file });
    const video = await product.api.upload(file);
    const before = await askAbout(product, video.id, scene);
    await product.api.follow(await product.api.analyze(video.id));
    samples.push(...[...before, ...(await askAbout(product, video.id, scene))].flatMap(sampleOf));
    await product.api.delete(video.id);
    tell(`video ${k + 1} of ${scenes.length}: ${samples.length} samples`);
  }
  return samples;
}

async function askAbout(product: Product, videoId: string, scene: Scene): Promise<Asked[]> {
  const events = truthOf(scene);
  const absent = absentQuestions(randomOf(scene.seed), scene, events.length * ABSENT_FOR_EACH_PRESENT).map(({ query }) => query);
  return [...(await askPresent(product, videoId, events)), ...(await askAbsent(product, videoId, absent))];
}

/** The best candidate of a question, rejected by the present calibration or not, and whether it is right: the thing asked for, with an IoU of at least a half. */
const sampleOf = ({ scores, candidateIou }: Asked): JudgedScores[] => (scores ? [{ scores, correct: candidateIou >= RIGHT_IOU }] : []);
