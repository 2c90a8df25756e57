// The simple world as a data set: half-minute clips of the caller's seed, asked about what happens in them and about what does not.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Media } from '../../platform/media/index.js';
import { type Dataset, type EvaluatedVideo, type Question } from '../dataset.js';
import { absentQuestions } from '../../world/first/questions.js';
import { randomOf } from '../../world/first/random.js';
import { renderScene } from './render.js';
import { knowable, type TrueEvent, truthOf } from '../../world/first/scene.js';
import { clipScene } from '../../world/first/clip-scene.js';

export interface SimpleWorldOptions {
  readonly seed: number;
  /** Half of them about what does not happen. */
  readonly questions: number;
  /** Frames a second at which the clips will be looked at: what can be known of them. */
  readonly fps: number;
  /** Clips are drawn here, and removed again. */
  readonly folder: string;
}

/** Seeds of clips, apart from those that calibration and benches use. */
const FIRST_SEED = 10_000_000;
const CLIPS_A_SEED = 100_000;

/** Absent questions of a clip differ from what happens in as many ways. */
const ABSENT_KINDS = 4;

export function simpleWorld(media: Media, { seed, questions, fps, folder }: SimpleWorldOptions): Dataset {
  return {
    name: 'simple-world',
    size: questions,
    onlyPresent: false,
    async *videos() {
      let asked = 0;
      for (let clip = 0; asked < questions; clip++) {
        const video = clipVideo(media, folder, FIRST_SEED + seed * CLIPS_A_SEED + clip, fps);
        const taken = video.questions.slice(0, questions - asked);
        asked += taken.length;
        yield await Promise.resolve({ ...video, questions: taken });
      }
    },
  };
}

function clipVideo(media: Media, folder: string, seed: number, fps: number): EvaluatedVideo {
  const scene = clipScene(seed);
  const events = truthOf(scene);
  const name = `clip-${seed}`;
  const file = join(folder, `${name}.mp4`);
  const base = { video: name, duration: scene.seconds };
  const present = events.map((event, k): Question => {
    return { ...base, qid: `${name}-${k}`, query: event.query, windows: [rangeOf(event)], knowable: [rangeOf(knowable(event, fps))], kind: 'present' };
  });
  const kinds = absentQuestions(randomOf(seed), scene, ABSENT_KINDS);
  const turned = [...kinds.slice(seed % ABSENT_KINDS), ...kinds.slice(0, seed % ABSENT_KINDS)]; // so that short lists, too, have each kind as often
  const absent = turned.slice(0, events.length).map(({ query, differs }, k): Question => {
    return { ...base, qid: `${name}-absent-${k}`, query, windows: [], kind: `absent: ${differs === 'unrelated' ? differs : `other ${differs}`}` };
  });
  return {
    name,
    questions: [...present, ...absent],
    events: events.map((event) => ({ ...rangeOf(event), text: event.description })),
    async open() {
      await renderScene(media, scene, { file });
      return file;
    },
    async close() {
      await Promise.all([rm(file, { force: true }), rm(file.replace(/mp4$/, 'json'), { force: true })]);
    },
  };
}

const rangeOf = ({ start_time: startSeconds, end_time: endSeconds }: TrueEvent) => ({ startSeconds, endSeconds });
