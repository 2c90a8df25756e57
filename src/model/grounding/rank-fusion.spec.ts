// Several rankings as one.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuseRanks } from './rank-fusion.js';

describe('fuseRanks', () => {
  it('adds up the reciprocals of the ranks', () => {
    const fused = fuseRanks([['a', 'b'], ['b', 'c']]);
    expect([...fused.keys()]).toEqual(['b', 'a', 'c']);
    expect(fused.get('b')).toBeCloseTo(1 / 62 + 1 / 61, 12);
  });

  it('weighs a ranking, and counts an item of it once', () => {
    expect([...fuseRanks([['a'], ['b']], [1, 2]).keys()]).toEqual(['b', 'a']);
    expect(fuseRanks([['a', 'a', 'b']])).toEqual(fuseRanks([['a', 'b']]));
    expect(fuseRanks<string>([])).toEqual(new Map());
  });

  it('leaves a single ranking as it is, and does not depend on the order of the rankings', () => {
    const ranking = fc.uniqueArray(fc.nat(30), { maxLength: 20 });
    fc.assert(
      fc.property(ranking, ranking, (a, b) => {
        expect([...fuseRanks([a]).keys()]).toEqual(a);
        const [one, other] = [fuseRanks([a, b]), fuseRanks([b, a])];
        expect([...one.keys()]).toEqual([...other.keys()]);
        expect(one.size).toBe(new Set([...a, ...b]).size);
      }),
    );
  });
});
