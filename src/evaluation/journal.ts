// What an evaluation has found so far, on disk line by line, so that a run that was cut off goes on where it stood.
import { existsSync } from 'node:fs';
import { appendFile, mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../app-error.js';
import { answerLine, eventsLine, parsePredictions, type PredictedEvents, type Prediction, type Predictions } from './predictions.js';

/** What a run was started with; another one would not give the same answers. */
export type RunSettings = Readonly<Record<string, string | number | boolean | null>>;

export class Journal implements Predictions {
  private constructor(
    readonly file: string,
    readonly answers: Map<string, Prediction>,
    readonly events: Map<string, PredictedEvents>,
  ) {}

  /** Takes up what lies in `folder`, unless that run was finished. Rejects with `evaluation.other_run` where it had other settings. */
  static async open(folder: string, settings: RunSettings): Promise<Journal> {
    await mkdir(folder, { recursive: true });
    const [head, file] = [join(folder, 'run.json'), join(folder, 'answers.jsonl')];
    if (existsSync(join(folder, FINISHED)) || !existsSync(head)) {
      await Promise.all([FINISHED, 'answers.jsonl'].map((name) => rm(join(folder, name), { force: true })));
      await writeFile(head, `${JSON.stringify(settings, null, 2)}\n`);
      return new Journal(file, new Map(), new Map());
    }
    if (!isDeepStrictEqual(JSON.parse(await readFile(head, 'utf8')), settings)) {
      throw new AppError('evaluation.other_run', `${folder} holds an unfinished run with other settings, see run.json there: choose another --out, or remove it.`);
    }
    const { answers, events } = parsePredictions(file, await wholeLines(file));
    return new Journal(file, new Map(answers), new Map(events));
  }

  async addAnswer(prediction: Prediction): Promise<void> {
    await appendFile(this.file, answerLine(prediction));
    this.answers.set(prediction.qid, prediction);
  }

  async addEvents(found: PredictedEvents): Promise<void> {
    await appendFile(this.file, eventsLine(found));
    this.events.set(found.vid, found);
  }
}

/** Written last: a folder that has it is done with. */
export const FINISHED = 'figures.json';

/** A line that a kill cut off is removed. */
async function wholeLines(file: string): Promise<string> {
  if (!existsSync(file)) return '';
  const text = await readFile(file, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) await truncate(file, Buffer.byteLength(whole));
  return whole;
}
