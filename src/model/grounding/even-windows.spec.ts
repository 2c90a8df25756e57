// Windows of one length that cover a range with the wanted overlap.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planWindows } from './even-windows.js';

describe('planWindows', () => {
  it('cuts a minute into three windows that share six seconds', () => {
    const windows = planWindows({ startSeconds: 0, endSeconds: 60, windowSeconds: 30, overlapSeconds: 6 });
    expect(windows.map((w) => [w.startSeconds, w.endSeconds])).toEqual([[0, 30], [24, 54], [48, 60]]);
  });

  it('covers every second of any range, in order, with the wanted overlap and no window longer than asked', () => {
    const range = fc.record({
      startSeconds: fc.integer({ min: 0, max: 500 }),
      length: fc.integer({ min: 1, max: 4000 }),
      windowSeconds: fc.integer({ min: 2, max: 60 }),
      overlapShare: fc.double({ min: 0, max: 0.9, noNaN: true }),
    });
    fc.assert(
      fc.property(range, ({ startSeconds, length, windowSeconds, overlapShare }) => {
        const overlapSeconds = Math.floor(windowSeconds * overlapShare);
        const endSeconds = startSeconds + length;
        const windows = planWindows({ startSeconds, endSeconds, windowSeconds, overlapSeconds });
        expect(windows[0]!.startSeconds).toBe(startSeconds);
        expect(windows.at(-1)!.endSeconds).toBe(endSeconds);
        windows.forEach((window, k) => {
          expect(window.ordinal).toBe(k);
          expect(window.endSeconds - window.startSeconds).toBeLessThanOrEqual(windowSeconds);
          const next = windows[k + 1];
          if (next) expect(window.endSeconds - next.startSeconds).toBe(overlapSeconds);
        });
      }),
    );
  });

  it('refuses an overlap that leaves no step', () => {
    expect(() => planWindows({ startSeconds: 0, endSeconds: 9, windowSeconds: 5, overlapSeconds: 5 })).toThrow(/no step/);
  });
});
