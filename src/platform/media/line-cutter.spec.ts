// Tests of the line cutter.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineCutter } from './line-cutter.js';

const linesOf = (pieces: readonly string[], most: number): string[] => {
  const cutter = new LineCutter(most);
  const lines = pieces.flatMap((piece) => [...cutter.cut(piece)]);
  const last = cutter.end();
  return last === undefined ? lines : [...lines, last];
};

describe('a line cutter', () => {
  it('gives the same lines however the text arrives', () => {
    const text = fc.array(fc.stringMatching(/^[ab\u2028]{0,9}$/), { maxLength: 20 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, fc.array(fc.nat(40), { maxLength: 8 }), (whole, cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), whole.length];
        const pieces = at.slice(1).map((to, i) => whole.slice(at[i], to));
        const lines = whole.split('\n').map((line) => line.slice(0, 5));
        if (lines.at(-1) === '') lines.pop();
        expect(linesOf(pieces, 5)).toEqual(lines);
      }),
    );
  });

  it('ends a line at a line feed alone', () => {
    expect(linesOf(['a\u2028b\rc\r\nd'], 100)).toEqual(['a\u2028b\rc', 'd']);
  });
});
