// The world of the checkpoint as a data set: scenes of the caller's seed, drawn to files, with questions about what happens in them and what does not.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { seededRandom } from '../model/qwen2-5-vl/seeded-random.js';
import { type Media } from '../platform/media/index.js';
import { framePainter, makeScene, type Question as SceneQuestion, questionsOf, type Scene } from '../world/index.js';
import { type Dataset, type EvaluatedVideo, type Question } from './dataset.js';

export interface WorldOptions {
  readonly seed: number;
  /** Half of them about what does not happen. */
  readonly questions: number;
  readonly secondsEach: number;
  /** Videos are drawn here, and removed again. */
  readonly folder: string;
}

const SCENES_A_SEED = 10_000;

/** Seeds from here on belong to training. */
const TRAINING_SEEDS = 2 ** 31;

const RATE = 12; // pictures a second
const HEIGHT = 216; // pixels
const X264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20', '-g', '24'];

export function world(media: Media, { seed, questions, secondsEach: seconds, folder }: WorldOptions): Dataset {
  return {
    name: 'world',
    size: questions,
    onlyPresent: false,
    async *videos() {
      for (let k = 0, asked = 0; asked < questions; k++) {
        const scene = makeScene((seed * SCENES_A_SEED + k) % TRAINING_SEEDS, { seconds });
        const video = videoOf(media, folder, scene);
        const taken = video.questions.slice(0, questions - asked);
        asked += taken.length;
        if (taken.length > 0) yield await Promise.resolve({ ...video, questions: taken });
      }
    },
  };
}

function videoOf(media: Media, folder: string, scene: Scene): EvaluatedVideo {
  const name = `scene-${scene.seed}`;
  const file = join(folder, `${name}.mp4`);
  return {
    name,
    questions: chosen(scene).map((question, k) => questionOf(question, scene, name, k)),
    events: scene.events.map(({ start, end, sentence }) => ({ startSeconds: start, endSeconds: end, text: sentence })),
    async open() {
      const width = 2 * Math.round((HEIGHT * scene.aspect) / 2);
      await media.writeVideo({ file, width, height: HEIGHT, fps: RATE, pictures: pictures(scene, width), outputOptions: X264 });
      return file;
    },
    close: () => rm(file, { force: true }),
  };
}

/** All that happens, and as many that do not, of each way to be wrong in turn. */
function chosen(scene: Scene): SceneQuestion[] {
  const random = seededRandom(scene.seed);
  const shuffled = questionsOf(scene).map((question) => ({ question, at: random() })).sort((a, b) => a.at - b.at).map(({ question }) => question);
  const present = shuffled.filter(({ absent }) => absent === null);
  const waiting = shuffled.filter(({ absent }) => absent !== null);
  const kinds = [...new Set(waiting.map(({ absent }) => absent))];
  const absent: SceneQuestion[] = [];
  for (let k = 0; absent.length < Math.min(Math.max(1, present.length), waiting.length); k++) {
    const next = waiting.find((question) => question.absent === kinds[k % kinds.length] && !absent.includes(question));
    if (next) absent.push(next);
  }
  return Array.from({ length: Math.max(present.length, absent.length) }, (_, k) => [present[k], absent[k]].filter((each) => each !== undefined)).flat();
}

function questionOf({ query, kind, absent, ranges }: SceneQuestion, { seconds }: Scene, video: string, k: number): Question {
  const windows = ranges.map(([startSeconds, endSeconds]) => ({ startSeconds, endSeconds }));
  return { qid: `${video}-${k}`, video, query, windows, duration: seconds, kind: absent === null ? kind : KINDS[absent] };
}

/** How what is absent is named beside what happens. */
const KINDS: Readonly<Record<NonNullable<SceneQuestion['absent']>, string>> = {
  unrelated: 'absent: unrelated',
  colour: 'absent: other colour',
  shape: 'absent: other shape',
  action: 'absent: other action',
  order: 'absent: other order',
  count: 'absent: other count',
  label: 'absent: other label',
  lights: 'absent: lights out',
};

function* pictures(scene: Scene, width: number): Generator<Uint8Array> {
  const count = Math.round(scene.seconds * RATE);
  const paint = framePainter(scene, width, HEIGHT);
  for (let k = 0; k < count; k++) yield paint(k / RATE);
}
