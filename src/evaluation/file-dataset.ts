// A data set of the field: its questions from a file, its videos from a folder.
import { readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { AppError } from '../app-error.js';
import { seededRandom } from '../model/qwen2-5-vl/seeded-random.js';
import { type Dataset, type EvaluatedVideo } from './dataset.js';
import { type FormatName, FORMATS, readQuestions } from './readers/formats.js';
import { type ReadQuestion } from './readers/question-schema.js';

export interface FileDatasetOptions {
  readonly file: string;
  /** Found out from the file where it is not given. */
  readonly format?: FormatName | undefined;
  /** Folder of the videos, searched to its depths; without it nothing can be asked, only scored. */
  readonly videos?: string | undefined;
  /** Questions about videos that are not in the folder are left out, instead of being an error. */
  readonly allowMissing?: boolean | undefined;
  /** Only this many questions, drawn by `seed`. */
  readonly questions?: number | undefined;
  readonly seed: number;
}

export interface FileDataset extends Dataset {
  /** Questions that were left out as their video is not there. */
  readonly leftOut: number;
}

/** Rejects with `dataset.*`. */
export async function fileDataset({ file, format, videos: folder, allowMissing = false, questions: most, seed }: FileDatasetOptions): Promise<FileDataset> {
  const { name, questions: all } = await readQuestions(file, format);
  const files = folder === undefined ? undefined : await videoFiles(folder);
  const there = files && allowMissing ? all.filter(({ video }) => fileOf(files, video) !== undefined) : all;
  if (files) requireFiles(file, folder ?? '', there, files);
  const chosen = most === undefined ? there : drawn(there, most, seed);
  const videos = groupedByVideo(chosen).map((group): EvaluatedVideo => {
    const [{ video } = { video: '' }] = group;
    return {
      name: video,
      questions: group,
      events: FORMATS[name].describesAll && most === undefined ? group.flatMap(({ windows, query: text }) => windows.map((window) => ({ ...window, text }))) : undefined,
      open: () => Promise.resolve(files ? (fileOf(files, video) ?? '') : ''),
      close: () => Promise.resolve(),
    };
  });
  return {
    name,
    size: chosen.length,
    leftOut: all.length - there.length,
    onlyPresent: chosen.every(({ windows }) => windows.length > 0),
    async *videos() {
      yield* await Promise.resolve(videos);
    },
  };
}

/** By the name without its ending, and by the whole path below the folder. */
async function videoFiles(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new AppError('dataset.videos_not_found', `The folder ${folder} cannot be read.`, { cause });
  });
  const files = new Map<string, string>();
  for (const entry of entries.filter((each) => each.isFile())) {
    const path = join(entry.parentPath, entry.name);
    files.set(basename(entry.name, extname(entry.name)), path).set(path.slice(folder.replace(/\/+$/, '').length + 1), path);
  }
  return files;
}

/** Some data sets name files, some paths of their authors, most the bare id. */
const fileOf = (files: ReadonlyMap<string, string>, video: string): string | undefined =>
  files.get(video) ?? files.get(basename(video)) ?? files.get(basename(video, extname(video)));

function requireFiles(file: string, folder: string, questions: readonly ReadQuestion[], files: ReadonlyMap<string, string>): void {
  const missing = questions.filter(({ video }) => fileOf(files, video) === undefined);
  const [first] = missing;
  if (!first) return;
  const videos = new Set(missing.map(({ video }) => video)).size;
  throw new AppError(
    'dataset.video_missing',
    `${file}, ${first.place}: ${folder} has no file named ${first.video}; ${videos} video(s) of ${missing.length} question(s) are missing. --allow-missing leaves them out.`,
  );
}

function drawn(questions: readonly ReadQuestion[], most: number, seed: number): ReadQuestion[] {
  const random = seededRandom(seed);
  const order = questions.map((question, k) => ({ question, k, at: random() })).sort((a, b) => a.at - b.at);
  return order.slice(0, most).sort((a, b) => a.k - b.k).map(({ question }) => question);
}

/** In order of first appearance. */
function groupedByVideo(questions: readonly ReadQuestion[]): ReadQuestion[][] {
  const groups = new Map<string, ReadQuestion[]>();
  for (const question of questions) groups.set(question.video, [...(groups.get(question.video) ?? []), question]);
  return [...groups.values()];
}
