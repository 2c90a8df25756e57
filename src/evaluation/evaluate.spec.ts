// Asking a service question by question: what is written down, what a cut-off run does again, and what a bad video costs.
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../app-error.js';
import { type Dataset, type EvaluatedVideo, type Question } from './dataset.js';
import { evaluate, type EvaluatedService } from './evaluate.js';
import { FINISHED, Journal } from './journal.js';
import { judgeVideo } from './judge.js';
import { parsePredictions } from './predictions.js';
import { summarise, summaryJson } from './summary.js';

const range = { startSeconds: 2, endSeconds: 6 };
const moment = { ...range, score: 0.9 };

const question = (video: string, k: number): Question => ({ qid: `${video}${k}`, video, query: `query ${k}`, windows: [range], duration: 10, kind: 'present' });

function datasetOf(...names: string[]): Dataset {
  const videos = names.map((name): EvaluatedVideo => ({ name, questions: [question(name, 0), question(name, 1)], events: [], open: () => Promise.resolve(`${name}.mp4`), close: () => Promise.resolve() }));
  return {
    ...{ name: 'made', size: 2 * names.length, onlyPresent: true },
    async *videos() {
      yield* await Promise.resolve(videos);
    },
  };
}

/** Answers everything right, and notes what it was asked; `refuses` stands for what the API says no to. */
class Service implements EvaluatedService {
  readonly asked: string[] = [];
  readonly removed: string[] = [];
  constructor(
    private readonly refuses: Readonly<Record<string, string>> = {},
    private readonly there: readonly string[] = [],
  ) {}

  private refuse(what: string): void {
    const code = this.refuses[what];
    if (code !== undefined) throw new AppError(code as 'video.broken', `no ${what}`);
  }

  async upload(file: string) {
    this.refuse(file);
    return Promise.resolve({ id: file, duration: 10, duplicate: this.there.includes(file) });
  }
  async analyse(videoId: string) {
    this.refuse(`analyse ${videoId}`);
    return Promise.resolve({ events: [], unparsed: 1, videoTokens: 4 });
  }
  async ask(videoId: string, query: string) {
    this.refuse(`${videoId} ${query}`);
    this.asked.push(`${videoId} ${query}`);
    return Promise.resolve({ moments: [moment], candidate: range, confidence: 0.9, unparsed: 0 });
  }
  async remove(videoId: string) {
    this.removed.push(videoId);
    this.refuse(`remove ${videoId}`);
    return Promise.resolve();
  }
  cpuSeconds() {
    return this.asked.length;
  }
}

describe('an evaluation', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'evaluate-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const open = (settings = { seed: 1 }): Promise<Journal> => Journal.open(folder, settings);
  const run = async (service: Service, dataset = datasetOf('a', 'b')): Promise<Journal> => {
    const journal = await open();
    await evaluate(dataset, service, journal, () => undefined);
    return journal;
  };

  it('writes down what can be read again to the same figures', async () => {
    const journal = await run(new Service());
    const read = parsePredictions('answers.jsonl', readFileSync(journal.file, 'utf8'));
    expect(read.answers).toEqual(journal.answers);
    expect(read.events).toEqual(journal.events);
    const summary = summarise('made', [judgeVideo({ name: 'a', questions: [question('a', 0), question('a', 1)] }, read)], 1);
    expect(summary).toMatchObject({ questions: 2, unanswered: 0, parseFailures: 1, cost: { videoSeconds: 10, videoTokens: 4, cpuSeconds: 2 } });
    expect(summary.figures.find(({ name }) => name === 'miou')?.value).toBe(1);
  });

  it('goes on after what was answered, and asks what a kill cut off again', async () => {
    await expect(run(new Service({ 'b.mp4 query 1': 'api.unreachable' }))).rejects.toMatchObject({ code: 'api.unreachable' });
    appendFileSync(join(folder, 'answers.jsonl'), '{"qid":"b1","pred_rele');
    const service = new Service();
    const journal = await run(service);
    expect(service.asked).toEqual(['b.mp4 query 1']);
    expect([...journal.answers.keys()]).toEqual(['a0', 'a1', 'b0', 'b1']);
  });

  it('begins anew after a run that was finished, and not in the folder of another one', async () => {
    await run(new Service());
    await expect(open({ seed: 2 })).rejects.toMatchObject({ code: 'evaluation.other_run' });
    writeFileSync(join(folder, FINISHED), '{}');
    expect((await open({ seed: 2 })).answers.size).toBe(0);
  });

  it('removes what it uploaded, whatever came of it, and leaves a video that was there before', async () => {
    const refuses = { 'analyse a.mp4': 'task.canceled', 'b.mp4 query 1': 'moments.unreadable', 'remove b.mp4': 'video.not_found' };
    const service = new Service(refuses, ['c.mp4']);
    await run(service, datasetOf('a', 'b', 'c'));
    expect(service.removed).toEqual(['a.mp4', 'b.mp4']);
    expect(service.asked).toContain('c.mp4 query 1');
  });

  it('counts a video that is refused as not answered, and goes on', async () => {
    const journal = await run(new Service({ 'a.mp4': 'video.not_a_video', 'b.mp4 query 0': 'moments.unreadable' }));
    const judged = ['a', 'b'].map((name) => judgeVideo({ name, questions: [question(name, 0), question(name, 1)] }, journal));
    expect(journal.answers.get('a0')).toMatchObject({ error: 'video.not_a_video', moments: [] });
    expect(summarise('made', judged, 1)).toMatchObject({ unanswered: 3, parseFailures: 2 }); // one of a question, one of the analysis of b
    expect(summarise('made', judged, 1).figures.find(({ name }) => name === 'miou')?.value).toBe(0.25);
  });
});

describe('a prediction file', () => {
  it('that lists the events of one video has found none in another; one without any is not judged by them', () => {
    const events = [{ ...range, text: 'A dog runs.' }];
    const figures = (text: string) => {
      const predictions = parsePredictions('file', text);
      const judged = ['a', 'b'].map((name) => judgeVideo({ name, questions: [question(name, 0)], events }, predictions));
      return summaryJson(summarise('made', judged, 1));
    };
    const told = '{"vid":"a","pred_events":[{"start_time":2,"end_time":6,"text":"A dog runs."}]}';
    expect(figures(told)).toMatchObject({ dense_f1: 0.6667, detection_recall: 0.5, soda_f1: 0.5 });
    expect(figures('{"qid":"a0","pred_relevant_windows":[[2,6]]}')).toMatchObject({ miou: 0.5, dense_f1: null, detection_recall: null, absent_rejected: null });
  });

  const line = '{"qid":1,"pred_relevant_windows":[[0,2,0.5]]}';

  it.each([
    [`${line}\nnonsense`, 'predictions.line_invalid', /line 2: is not JSON/],
    [`${line}\n{"qid":2}`, 'predictions.line_invalid', /line 2: needs qid and pred_relevant_windows/],
    [`${line}\n\n${line}`, 'predictions.duplicate', /line 3: 1 was predicted before/],
  ])('is refused with its line: %j', (text, code, message) => {
    expect(() => parsePredictions('file', text)).toThrow(expect.objectContaining({ code }));
    expect(() => parsePredictions('file', text)).toThrow(message);
  });

  it('of another system is as sure as its scores, where these can be probabilities', () => {
    const { answers } = parsePredictions('file', `${line}\n{"qid":2,"pred_relevant_windows":[[0,2,-3.5]]}\n{"qid":3,"pred_relevant_windows":[[4,5]]}`);
    expect([...answers.values()].map(({ confidence }) => confidence)).toEqual([0.5, null, null]);
  });
});
