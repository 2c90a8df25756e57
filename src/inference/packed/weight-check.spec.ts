// Which tokens count as changed by packed weights.
import { expect, it } from 'vitest';
import { TokenCount } from './weight-check.js';

function figuresOf(...rows: readonly (readonly [fp32: readonly number[], packed: readonly number[]])[]) {
  const count = new TokenCount();
  for (const [fp32, packed] of rows) count.add(Float32Array.from(fp32), Float32Array.from(packed));
  return count.figures;
}

it('counts a token as changed where fp32 is sure of another, wherever its second stands', () => {
  const [same, changed] = [[[1, 3, 2], [0, 9, 8.9]], [[1, 3, 2], [1, 2, 3]]] as const;
  expect(figuresOf(same, same, same, changed)).toEqual({ tokens: 4, token_agreement: 0.75, tokens_changed: 0.25 });
  expect(figuresOf([[3, 2.5, -1], [0, 1, 0]], [[-1, 2.5, 3], [0, 1, 0]])).toMatchObject({ token_agreement: 0, tokens_changed: 1 });
});

it('counts a tie of fp32 neither as agreed nor as changed', () => {
  expect(figuresOf([[5, 5, 0], [1, 2, 0]], [[0, 4.95, 5], [0, 2, 1]])).toEqual({ tokens: 2, token_agreement: 0, tokens_changed: 0 });
  expect(figuresOf([[0, 4.85, 5], [0, 2, 1]])).toMatchObject({ tokens_changed: 1 }); // no tie any more
});

it('says so where there was nothing to compare', () => {
  expect(() => figuresOf()).toThrow(expect.objectContaining({ code: 'weights.nothing_compared' }) as Error);
});
