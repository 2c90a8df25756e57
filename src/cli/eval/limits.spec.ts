// Limits on figures, as continuous integration gives them.
import { expect, it } from 'vitest';
import { parseLimits, requireLimits } from './limits.js';

it('reads a list, and refuses what is none', () => {
  expect(parseLimits('fail-under', 'miou=0.8, r1_05=0.9')).toEqual([{ name: 'miou', bound: 0.8 }, { name: 'r1_05', bound: 0.9 }]);
  expect(parseLimits('fail-under', undefined)).toEqual([]);
  for (const list of ['miou', 'miou=high', 'miou>0.5', '']) expect(() => parseLimits('fail-under', list)).toThrow(expect.objectContaining({ code: 'usage.invalid' }));
});

it('names every figure on the wrong side of its limit, and those that were not measured', () => {
  const figures = { miou: 0.7, ece: 0.09, dataset: 'world' };
  expect(() => requireLimits(figures, [{ name: 'miou', bound: 0.7 }], [{ name: 'ece', bound: 0.09 }])).not.toThrow();
  expect(() => requireLimits(figures, [{ name: 'miou', bound: 0.8 }], [{ name: 'ece', bound: 0.05 }])).toThrow(
    expect.objectContaining({ code: 'evaluation.limit_missed', message: 'miou is 0.7, below 0.8; ece is 0.09, above 0.05.' }),
  );
  expect(() => requireLimits(figures, [{ name: 'recall', bound: 0.8 }], [])).toThrow(expect.objectContaining({ code: 'usage.invalid' }));
});
