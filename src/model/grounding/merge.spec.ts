// Events of overlapping windows: what is joined, and what is kept apart.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeEvents, type WindowEvent } from './merge.js';

const window = (ordinal: number) => ({ ordinal, startSeconds: ordinal * 24, endSeconds: ordinal * 24 + 30 });
const event = (
  ordinal: number,
  startSeconds: number,
  endSeconds: number,
  text = 'The ring moves.',
  confidence = 0.5,
  more: Partial<WindowEvent> = {},
): WindowEvent => ({
  ...more,
  startSeconds,
  endSeconds,
  text,
  confidence,
  window: window(ordinal),
});

describe('mergeEvents', () => {
  it('joins an event that a window edge cut, and keeps the words of the surest part', () => {
    const [whole, ...others] = mergeEvents([event(0, 20, 30, 'The ring moves.', 0.4), event(1, 24, 33, 'the ring moves', 0.9)]);
    expect(others).toEqual([]);
    expect(whole).toMatchObject({ startSeconds: 20, endSeconds: 33, text: 'the ring moves', confidence: 0.9 });
    expect(whole!.parts).toHaveLength(2);
  });

  it('follows an event through three windows', () => {
    const [whole, ...others] = mergeEvents([event(0, 10, 30), event(1, 24, 54), event(2, 48, 60)]);
    expect(others).toEqual([]);
    expect(whole).toMatchObject({ startSeconds: 10, endSeconds: 60 });
  });

  it('keeps two events of the same words apart when one window saw both', () => {
    expect(mergeEvents([event(0, 2, 5), event(0, 5.5, 9)])).toHaveLength(2);
  });

  it('keeps different words and far times apart', () => {
    expect(mergeEvents([event(0, 25, 29), event(1, 25, 29, 'The square grows.'), event(1, 40, 44)])).toHaveLength(3);
  });

  it('keeps two events apart that a second window saw apart, though the first saw but one of them', () => {
    const merged = mergeEvents([event(0, 24, 26), event(1, 24, 26), event(1, 26.5, 29)]);
    expect(merged.map((m) => [m.startSeconds, m.endSeconds, m.parts.length])).toEqual([[24, 26, 2], [26.5, 29, 1]]);
  });

  it('joins nearly the same words where the times agree in the range both windows looked at, and chooses the surest', () => {
    const parts = [event(0, 20, 30, 'The red circle moves left.', 0.8), event(1, 24.5, 33, 'A red circle is moving to the left', 0.6)];
    const [whole, ...others] = mergeEvents(parts);
    expect(others).toEqual([]);
    expect(whole).toMatchObject({ startSeconds: 20, endSeconds: 33, text: 'The red circle moves left.', confidence: 0.8 });
    expect(mergeEvents([event(0, 24, 26, 'The red circle moves left.'), event(1, 26.5, 30, 'A red circle is moving to the left')])).toHaveLength(2);
    expect(mergeEvents([event(0, 20, 30, 'The red circle moves left.'), event(1, 24, 33, 'The blue circle moves left.')])).toHaveLength(2);
  });

  it('counts once what one window wrote twice', () => {
    const [once, ...others] = mergeEvents([event(0, 3, 9, 'The ring moves.', 0.4), event(0, 3, 9.5, 'the ring moves', 0.7)]);
    expect(others).toEqual([]);
    expect(once).toMatchObject({ startSeconds: 3, endSeconds: 9.5, confidence: 0.7 });
    expect(once!.parts).toHaveLength(2);
  });

  it('believes an event half as much when one of two windows that looked at all of it did not see it', () => {
    const looked = [window(0), window(1)];
    expect(mergeEvents([event(0, 25, 29)], looked)[0]!.confidence).toBe(0.25);
    expect(mergeEvents([event(0, 25, 29)])[0]!.confidence).toBe(0.5); // nobody knows what window 1 said
    expect(mergeEvents([event(0, 20, 29)], looked)[0]!.confidence).toBe(0.5); // window 1 did not look at the beginning
    expect(mergeEvents([event(0, 25, 29), event(1, 25, 28.5)], looked)[0]!.confidence).toBe(0.5);
  });

  it('joins only events of one type, with the fields of the surest', () => {
    const goal = (ordinal: number, confidence: number, team: string) => event(ordinal, 25, 29, 'A goal.', confidence, { type: 'goal', fields: { team } });
    const merged = mergeEvents([goal(0, 0.4, 'red'), goal(1, 0.9, 'blue'), event(1, 25, 29, 'A goal.', 0.5, { type: 'replay' })]);
    expect(merged.map(({ type, fields }) => [type, fields])).toEqual([['goal', { team: 'blue' }], ['replay', undefined]]);
  });

  const anyEvents = fc.array(
    fc.record({
      ordinal: fc.nat(4),
      at: fc.nat(29),
      length: fc.integer({ min: 1, max: 10 }),
      text: fc.constantFrom('The ring moves.', 'A ring is moving', 'The ring moves slowly', 'b'),
      confidence: fc.constantFrom(0.2, 0.5, 0.9),
      type: fc.constantFrom('x', undefined),
      fields: fc.option(fc.record({ n: fc.nat(1) }), { nil: undefined }),
    }),
    { maxLength: 25 },
  );
  const eventsOf = (drawn: typeof anyEvents extends fc.Arbitrary<infer T> ? T : never): WindowEvent[] =>
    drawn.map(({ ordinal, at, length, text, confidence, ...more }) =>
      event(ordinal, ordinal * 24 + at, Math.min(ordinal * 24 + at + length, ordinal * 24 + 30), text, confidence, more),
    );

  it('neither loses nor invents a part', () => {
    fc.assert(
      fc.property(anyEvents, (drawn) => {
        const events = eventsOf(drawn);
        const merged = mergeEvents(events);
        expect(new Set(merged.flatMap((m) => m.parts))).toEqual(new Set(events));
        expect(merged.flatMap((m) => m.parts)).toHaveLength(events.length);
        for (const m of merged) {
          expect(m.startSeconds).toBe(Math.min(...m.parts.map((p) => p.startSeconds)));
          expect(m.endSeconds).toBe(Math.max(...m.parts.map((p) => p.endSeconds)));
          expect(m.parts.map((p) => p.text)).toContain(m.text);
          expect(new Set(m.parts.map((p) => p.type)).size).toBe(1);
        }
      }),
    );
  });

  it('gives the same, whatever the order it is given', () => {
    const shuffled = anyEvents.chain((drawn) => fc.tuple(fc.constant(drawn), fc.shuffledSubarray(drawn, { minLength: drawn.length })));
    fc.assert(
      fc.property(shuffled, ([drawn, other]) => {
        expect(mergeEvents(eventsOf(other))).toEqual(mergeEvents(eventsOf(drawn)));
      }),
      { numRuns: 300 },
    );
  });

  it('merges what ten hours of windows said in a moment', () => {
    const events = Array.from({ length: 1500 }, (_, k) => k).flatMap((k) =>
      Array.from({ length: 25 }, (_, n) => event(k, k * 24 + n, k * 24 + n + 2, `Object number ${n} of ${k} moves`)),
    );
    const begun = performance.now();
    expect(mergeEvents(events, Array.from({ length: 1500 }, (_, k) => window(k)))).toHaveLength(37_500);
    expect(performance.now() - begun).toBeLessThan(5000);
  });

  it('looks at each event a few times, however many windows say the same', () => {
    const reads = (windows: number): number => {
      let count = 0;
      const events = Array.from({ length: windows }, (_, k) => {
        const text = (): string => (count++, 'The ring moves.');
        return Object.defineProperty({ ...event(k, k * 24 + 2, k * 24 + 5) }, 'text', { get: text, enumerable: true });
      });
      const long = event(0, 0, 30);
      const chain = Array.from({ length: windows }, (_, k) => ({
        ...long,
        window: window(k),
        startSeconds: k * 24,
        get endSeconds() {
          return count++, k * 24 + 30;
        },
      }));
      expect(mergeEvents(events)).toHaveLength(windows);
      expect(mergeEvents(chain)).toHaveLength(1);
      return count / windows;
    };
    expect(reads(400)).toBeLessThanOrEqual(reads(50) * 1.2);
  });
});
