// Footage of the real world as a data set for a checkpoint of the drawn one: nothing that it knows happens there, and it should say so.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../app-error.js';
import { makeScene, questionsOf } from '../world/index.js';
import { type Dataset, type EvaluatedVideo, type Question } from './dataset.js';

export interface FootageOptions {
  readonly seed: number;
  /** As many of each clip, one more or less. */
  readonly questions: number;
  /** Folder of the clips. */
  readonly videos: string;
}

const VIDEO = /\.(avi|flv|m4v|mkv|mov|mp4|mpe?g|ogv|webm|wmv)$/i;

/** What is asked; that it gets dark, or that something of a colour moves, may well happen outside of the drawn world. */
const ASKED: readonly string[] = ['one', 'touch', 'group', 'label', 'order'];

const SCENES_A_SEED = 10_000;

/** Rejects with `dataset.videos_not_found`. */
export async function footage({ seed, questions, videos: folder }: FootageOptions): Promise<Dataset> {
  const names = (await readdir(folder).catch((): string[] => [])).filter((name) => VIDEO.test(name)).sort();
  if (names.length === 0) throw new AppError('dataset.videos_not_found', `The folder ${folder} holds no videos.`);
  const queries = queriesOf(seed);
  const videos = names.map((name, k): EvaluatedVideo => {
    const count = Math.ceil((questions - k) / names.length);
    const asked = Array.from({ length: Math.max(0, count) }, (_, q) => questionAbout(name, q, queries.next().value));
    return { name, questions: asked, events: [], open: () => Promise.resolve(join(folder, name)), close: () => Promise.resolve() };
  });
  return {
    ...{ name: 'footage', size: questions, onlyPresent: false },
    async *videos() {
      yield* await Promise.resolve(videos);
    },
  };
}

interface Query {
  readonly query: string;
  readonly kind: string;
}

/** What happens in one scene after the other, without end. */
function* queriesOf(seed: number): Generator<Query, never> {
  for (let k = 0; ; k++) {
    const happens = questionsOf(makeScene(seed * SCENES_A_SEED + k)).filter(({ absent, kind }) => absent === null && ASKED.includes(kind));
    yield* happens.map(({ query, kind }) => ({ query, kind: `absent: ${kind}` }));
  }
}

const questionAbout = (video: string, k: number, { query, kind }: Query): Question => ({ qid: `${video}-${k}`, video, query, windows: [], duration: undefined, kind });
