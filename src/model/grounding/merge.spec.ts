import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeEvents, type WindowEvent } from './merge.js';

const window = (ordinal: number) => ({ ordinal, startSeconds: ordinal * 24, endSeconds: ordinal * 24 + 30 });
const event = (ordinal: number, startSeconds: number, endSeconds: number, text = 'The ring moves.', confidence = 0.5): WindowEvent => ({
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

  it('neither loses nor invents a part, whatever the order it is given', () => {
    const any = fc.array(
      fc.record({ ordinal: fc.nat(4), at: fc.nat(29), length: fc.integer({ min: 1, max: 10 }), text: fc.constantFrom('a', 'b') }),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(any, (drawn) => {
        const events = drawn.map(({ ordinal, at, length, text }) =>
          event(ordinal, ordinal * 24 + at, Math.min(ordinal * 24 + at + length, ordinal * 24 + 30), text),
        );
        const merged = mergeEvents(events);
        expect(merged.flatMap((m) => m.parts)).toHaveLength(events.length);
        expect(mergeEvents([...events].reverse()).map((m) => [m.startSeconds, m.endSeconds])).toEqual(
          merged.map((m) => [m.startSeconds, m.endSeconds]),
        );
        for (const m of merged) {
          expect(m.startSeconds).toBe(Math.min(...m.parts.map((p) => p.startSeconds)));
          expect(m.endSeconds).toBe(Math.max(...m.parts.map((p) => p.endSeconds)));
        }
      }),
    );
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
