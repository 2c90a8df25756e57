// What is read of the answers of a model, whole, broken off, or in words of their own.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEvents, parseGrounding, parseTime } from './answers.js';
import { spanConfidence } from './confidence.js';

describe('parseTime', () => {
  it.each([
    [3.5, 3.5],
    ['3.2s', 3.2],
    ['00:23.90', 23.9],
    ['75:00.00', 4500],
    ['1:00:02', 3602],
    ['12 seconds', 12],
  ])('reads %j as %d seconds', (value, seconds) => expect(parseTime(value)).toBeCloseTo(seconds, 9));

  it.each(['', 'soon', '1:2:3:4', -1, null, Number.NaN])('does not take %j for a time', (value) => expect(parseTime(value)).toBeUndefined());
});

const event = fc.record({
  start: fc.integer({ min: 0, max: 40_000 }).map((tenths) => tenths / 10),
  length: fc.integer({ min: 1, max: 500 }).map((tenths) => tenths / 10),
  text: fc.stringMatching(/^[A-Z][a-z]{2,8}( [a-z]{2,8}){1,4}\.$/),
});
const pad = (value: number, width: number): string => value.toFixed(2).padStart(width, '0');
const clocks: readonly ((seconds: number) => string)[] = [
  (s) => `"${s.toFixed(2)}"`,
  (s) => `"${s.toFixed(2)}s"`,
  (s) => s.toFixed(2),
  (s) => `"${String(Math.floor(s / 60)).padStart(2, '0')}:${pad(s % 60, 5)}"`,
  (s) => `"${Math.floor(s / 3600)}:${String(Math.floor(s / 60) % 60).padStart(2, '0')}:${pad(s % 60, 5)}"`,
];

describe('parseEvents', () => {
  it('reads back what was written, in every clock, quote and fence', () => {
    const style = fc.record({ clock: fc.constantFrom(...clocks), fence: fc.constantFrom('', '```', '```json'), single: fc.boolean() });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 6 }), style, (events, { clock, fence, single }) => {
        const rows = events.map((e) => `{"start_time": ${clock(e.start)}, "end_time": ${clock(e.start + e.length)}, "description": "${e.text}"}`);
        const list = `[\n${rows.join(',\n')}\n]`;
        const answer = `${fence}\n${single ? list.replaceAll('"', "'") : list}\n${fence && '```'}`;
        const read = parseEvents(answer);
        expect(read).toMatchObject({ unparsed: 0, truncated: false });
        expect(read.events.map((e) => e.text)).toEqual(events.map((e) => e.text));
        read.events.forEach((e, k) => {
          expect(e.start).toBeCloseTo(events[k]!.start, 1);
          expect(e.end).toBeCloseTo(events[k]!.start + events[k]!.length, 1);
          expect(answer.slice(...e.span)).toContain(e.text);
        });
      }),
    );
  });

  it('keeps the whole events of an answer that breaks off, and says so', () => {
    const read = parseEvents('```json\n[\n{"start_time": "00:01.00", "end_time": "00:02.00", "description": "A."},\n{"start_time": "00:0');
    expect(read.events).toHaveLength(1);
    expect(read).toMatchObject({ truncated: true, unparsed: 0 });
  });

  it('counts what it cannot read', () => {
    expect(parseEvents('[{"start_time": "soon", "end_time": "later", "description": "A."}, {"x" 1}]')).toMatchObject({ events: [], unparsed: 2 });
    expect(parseEvents('The clip shows a garden.')).toMatchObject({ events: [], unparsed: 1 });
  });

  it('takes an empty list for no events', () => {
    expect(parseEvents('```json\n[]\n```')).toEqual({ events: [], unparsed: 0, truncated: false });
  });

  it('keeps an apostrophe and swaps reversed ends', () => {
    const { events } = parseEvents(`[{'start_time': '00:09.00', 'end_time': '00:04.00', 'description': 'The dog doesn't move.'}]`);
    expect(events).toMatchObject([{ start: 4, end: 9, text: "The dog doesn't move." }]);
  });

  it.each([
    ["the dogs' toy moves", "'the dogs' toy moves'"],
    ["the 'big' dogs' toy", "'the 'big' dogs' toy'"],
    ["the dogs' 2 toys", "'the dogs' 2 toys'"],
    ['a 5" screen, lit', '"a 5" screen, lit"'],
    ['he says "go" and leaves', `'he says "go" and leaves'`],
    ["it's 'over'", `"it's 'over'"`],
    ['a {brace}, a "quote"', String.raw`"a {brace}, a \"quote\""`],
  ])('reads %j out of %s, and what follows', (text, written) => {
    const list = `[{'start_time': '00:01.00', 'end_time': '00:02.00', 'description': ${written}}, {'start': 3, 'end': 4, 'event': 'B.'},]`;
    const read = parseEvents(list);
    expect(read).toMatchObject({ unparsed: 0, truncated: false });
    expect(read.events.map((e) => e.text)).toEqual([text, 'B.']);
  });

  it('loses no more than the one object whose quotes nobody can tell apart', () => {
    const read = parseEvents(`[{'start': 1, 'end': 2, 'event': 'the dogs', toy moves'}, {'start': 3, 'end': 4, 'event': 'B.'}]`);
    expect(read).toMatchObject({ events: [{ text: 'B.' }], unparsed: 1, truncated: false });
  });

  it('reads back lines of prose, with the range before or after the words', () => {
    const line = fc.constantFrom<(from: string, to: string, text: string) => string>(
      (from, to, text) => `${from} - ${to}: ${text}`,
      (from, to, text) => `1. From ${from} to ${to}, ${text}`,
      (from, to, text) => `- ${text} (${from}s–${to}s)`,
      (from, to, text) => `* Between ${from} seconds and ${to} seconds: ${text}`,
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(event, line), { minLength: 1, maxLength: 5 }), (rows) => {
        const read = parseEvents(rows.map(([e, write]) => write(e.start.toFixed(1), (e.start + e.length).toFixed(1), e.text)).join('\n'));
        expect(read.unparsed).toBe(0);
        expect(read.events.map((e) => [e.start.toFixed(1), e.end.toFixed(1), e.text])).toEqual(
          rows.map(([e]) => [e.start.toFixed(1), (e.start + e.length).toFixed(1), e.text]),
        );
      }),
    );
  });

  it('counts ranges of prose that have no words, or share them with others', () => {
    const read = parseEvents('Events:\n1.0 - 2.0\n3.0 - 4.0 and again 5.0 - 6.0: a circle grows.\n7.0 - 8.0: a ring blinks.');
    expect(read.events.map((e) => e.start)).toEqual([3, 7]);
    expect(read.unparsed).toBe(2);
  });
});

describe('parseGrounding', () => {
  it.each([
    ['The given query happens in 64.0 - 72.0 seconds.', [[64, 72]]],
    ['From 01:05.5 to 01:07', [[65.5, 67]]],
    ['It occurs at 3s–5s and again at 9s – 12s.', [[3, 5], [9, 12]]],
    ['It can be seen between 4 and 9 seconds.', [[4, 9]]],
    ['{"start_time": "00:02.50", "end_time": "00:07.00"}', [[2.5, 7]]],
  ])('finds the ranges of %j', (text, ranges) => {
    const answer = parseGrounding(text);
    expect(answer.kind === 'spans' && answer.spans.map((s) => [s.start, s.end])).toEqual(ranges);
  });

  it.each([
    ...['The given query does not happen in the video.', "It doesn't occur.", 'I cannot find it.', 'We could not locate such a scene.'],
    ...['There is no such event in the video.', 'No.'],
  ])(
    'takes %j for "absent"',
    (text) => expect(parseGrounding(text)).toEqual({ kind: 'absent' }),
  );

  it.each([
    ...['Perhaps around noon.', 'I do not know when it happens.', 'At 3s and 9s.', 'I cannot tell when it happens.', 'I cannot find out when.'],
    '',
  ])('takes %j for unreadable', (text) => {
    expect(parseGrounding(text)).toEqual({ kind: 'unparsed' });
  });

  it('counts the objects beside a readable one that cannot be read', () => {
    const text = '[{"start_time": "00:02.50", "end_time": "00:07.00"}, {"start_time": "later"}]';
    expect(parseGrounding(text)).toMatchObject({ kind: 'spans', unparsed: 1 });
  });
});

describe('spanConfidence', () => {
  it('is the geometric mean over the tokens that touch the span', () => {
    const tokens = [{ text: 'in ', logprob: -9 }, { text: '2', logprob: Math.log(0.9) }, { text: '.5 -', logprob: Math.log(0.4) }, { text: ' 7', logprob: -9 }];
    expect(spanConfidence(tokens, [3, 7])).toBeCloseTo(0.6, 9);
    expect(spanConfidence(tokens, [50, 60])).toBe(0);
  });
});
