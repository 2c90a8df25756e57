// The data sets whose files can be read. To add one: a name here, and a reader beside this file.
import { AppError } from '../../app-error.js';
import { readActivityNet } from './activitynet.js';
import { readCharades } from './charades-sta.js';
import { readExtremeWhen } from './extremewhenbench.js';
import { readQvhighlights } from './qvhighlights.js';
import { type ReadQuestion } from './question-schema.js';
import { readText } from './rows.js';
import { readTimelens } from './timelens.js';
import { readUnitime } from './unitime.js';

export interface Format {
  /** Whether a text, of which the first kilobytes are given, looks like this format. */
  readonly looksLike: (head: string) => boolean;
  /** Throws `dataset.line_invalid` or `dataset.not_json`. */
  readonly read: (file: string, text: string) => ReadQuestion[];
  /** The questions of a video together tell all that happens in it. */
  readonly describesAll: boolean;
}

/** The more particular ones first: the first that looks right is taken. */
export const FORMATS = {
  'charades-sta': { looksLike: (head) => /^\S+ [\d.]+ [\d.]+##/.test(head), read: readCharades, describesAll: false },
  activitynet: { looksLike: (head) => /"(timestamps|sentences)"\s*:/.test(head), read: readActivityNet, describesAll: true },
  timelens: { looksLike: (head) => /"spans"\s*:/.test(head) && /"queries"\s*:/.test(head), read: readTimelens, describesAll: false },
  extremewhenbench: { looksLike: (head) => /"correct_interval"\s*:/.test(head), read: readExtremeWhen, describesAll: false },
  unitime: { looksLike: (head) => /"annos"\s*:/.test(head), read: readUnitime, describesAll: false },
  qvhighlights: { looksLike: (head) => /"(relevant_windows|vid)"\s*:/.test(head), read: readQvhighlights, describesAll: false },
} as const satisfies Readonly<Record<string, Format>>;

export type FormatName = keyof typeof FORMATS;

export const isFormat = (name: string): name is FormatName => name in FORMATS;

const HEAD = 20_000; // characters

/** Rejects with `dataset.file_not_found`, `dataset.unknown_format`, `dataset.empty`, `dataset.duplicate_question` and what the readers throw. */
export async function readQuestions(file: string, name?: FormatName): Promise<{ name: FormatName; questions: ReadQuestion[] }> {
  const text = await readText('dataset', file);
  const found = name ?? (Object.keys(FORMATS) as FormatName[]).find((each) => FORMATS[each].looksLike(text.slice(0, HEAD)));
  if (found === undefined) {
    throw new AppError('dataset.unknown_format', `${file} looks like none of ${Object.keys(FORMATS).join(', ')}: name its data set with --dataset and the file with --gt.`);
  }
  const questions = FORMATS[found].read(file, text);
  if (questions.length === 0) throw new AppError('dataset.empty', `${file} has no question.`);
  requireDistinct(file, questions);
  return { name: found, questions };
}

function requireDistinct(file: string, questions: readonly ReadQuestion[]): void {
  const places = new Map<string, string>();
  for (const { qid, place } of questions) {
    const first = places.get(qid);
    if (first !== undefined) throw new AppError('dataset.duplicate_question', `${file}, ${place}: question ${qid} stands at ${first} too.`);
    places.set(qid, place);
  }
}
