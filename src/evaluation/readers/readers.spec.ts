// Files of the field's data sets as published, and what is said of those that are not as they should be.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FormatName, readQuestions } from './formats.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'readers-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(text: string): string {
  const file = join(folder, 'questions');
  writeFileSync(file, text);
  return file;
}

const range = (startSeconds: number, endSeconds: number) => ({ startSeconds, endSeconds });

const EXAMPLES: readonly (readonly [FormatName, string, object])[] = [
  ['charades-sta', '3MSZA 24.3 30.4##person turn a light on.\n', { video: '3MSZA', query: 'person turn a light on', windows: [range(24.3, 30.4)], duration: undefined }],
  [
    'qvhighlights',
    `${JSON.stringify({ qid: 2579, query: ' A girl and her mother cooked. ', duration: 6, vid: 'a_60.0_66.0', relevant_windows: [[2, 6], [0, 1]], relevant_clip_ids: [1], saliency_scores: [[4, 0, 2]] })}\n`,
    { qid: '2579', video: 'a_60.0_66.0', query: 'A girl and her mother cooked', windows: [range(2, 6), range(0, 1)], ratings: [[0, 0, 0], [4, 0, 2], [0, 0, 0]] },
  ],
  [
    'activitynet',
    JSON.stringify({ v_1: { duration: 82.73, timestamps: [[0.83, 90], [20, 10]], sentences: ['A man sits.', 'He stands.'] } }),
    { qid: 'v_1#0', video: 'v_1', query: 'A man sits', windows: [range(0.83, 82.73)], duration: 82.73 },
  ],
  ['timelens', JSON.stringify({ abc: { duration: 30, spans: [[1, 2]], queries: ['the door opens'] } }), { qid: 'abc#0', video: 'abc', query: 'the door opens', windows: [range(1, 2)] }],
  [
    'extremewhenbench',
    JSON.stringify([{ qid: 'q1', video_id: 'abc', question: 'When does it rain?', correct_interval: [3600, 3609], video_duration_s: 7200, category: 'scene' }]),
    { qid: 'q1', video: 'abc', query: 'When does it rain?', windows: [range(3600, 3609)], duration: 7200 },
  ],
  [
    'unitime',
    JSON.stringify([{ qid: 7, id: 'abc', annos: [{ query: 'it rains', window: [[1, 2], [5, 6]] }, { query: 'it snows', window: [[8, 9]] }], duration: 10, video_path: 'x/abc.mp4', mode: 'mr' }]),
    { qid: '7#0', video: 'x/abc.mp4', query: 'it rains', windows: [range(1, 2), range(5, 6)] },
  ],
];

describe('a data set', () => {
  it.each(EXAMPLES)('of the form of %s is known by its looks and read', async (name, text, first) => {
    const read = await readQuestions(write(text));
    expect(read.name).toBe(name);
    expect(read.questions[0]).toMatchObject({ ...first, kind: 'present' });
  });

  it('turns a moment round that ends before it starts', async () => {
    const { questions } = await readQuestions(write(EXAMPLES[2]![1]));
    expect(questions[1]).toMatchObject({ qid: 'v_1#1', windows: [range(10, 20)] });
  });
});

const line = (change: object): string => JSON.stringify({ qid: 1, query: 'it rains', duration: 10, vid: 'a', relevant_windows: [[0, 2]], ...change });

describe('a faulty file', () => {
  it.each<[string, string, FormatName | undefined, string, RegExp]>([
    ['is empty', '', undefined, 'dataset.unknown_format', /looks like none of charades-sta/],
    ['breaks off in a line', `${line({})}\n{"qid": 2, "vid`, 'qvhighlights', 'dataset.line_invalid', /line 2: is not JSON/],
    ['lacks a field', `${line({})}\n\n${line({ qid: 2, vid: undefined })}`, 'qvhighlights', 'dataset.line_invalid', /line 3: vid: /],
    ['has a time that is none', line({ relevant_windows: [[0, 'two']] }), 'qvhighlights', 'dataset.line_invalid', /line 1: relevant_windows\.0\.1: /],
    ['rates fewer clips than it names', line({ relevant_clip_ids: [1, 2], saliency_scores: [[1, 1, 1]] }), 'qvhighlights', 'dataset.line_invalid', /line 1: saliency_scores: /],
    ['names a question twice', `${line({})}\n${line({})}`, undefined, 'dataset.duplicate_question', /line 2: question 1 stands at line 1 too/],
    ['has lines of another form', 'abc 1 2##it rains\nabc 1 it rains', 'charades-sta', 'dataset.line_invalid', /line 2: must read VIDEO START END##QUERY/],
    ['has a time that is none', 'abc 1 x##it rains', 'charades-sta', 'dataset.line_invalid', /line 1: 1: /],
    ['is not JSON', '{\n"a": {"duration": 3,\n}', 'activitynet', 'dataset.not_json', /line 3: is not JSON/],
    ['has more sentences than times', JSON.stringify({ a: { duration: 3, timestamps: [], sentences: ['x'] } }), undefined, 'dataset.line_invalid', /entry 1 \(a\): sentences: /],
    ['has no question', '{}', 'timelens', 'dataset.empty', /has no question/],
  ])('that %s is refused with its place', async (_what, text, format, code, message) => {
    const reading = readQuestions(write(text), format);
    await expect(reading).rejects.toMatchObject({ code });
    await expect(reading).rejects.toThrow(message);
  });

  it('that cannot be opened is refused', async () => {
    await expect(readQuestions(join(folder, 'absent'))).rejects.toMatchObject({ code: 'dataset.file_not_found' });
  });
});
