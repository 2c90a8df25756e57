// The list of figures that fall short: what is worse than wanted, what is absent, and what could not be measured at all.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { all, WANTED } from './all.js';

beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
});
afterEach(() => vi.restoreAllMocks());

/** What is just good enough, for every figure of a bench. */
const enough = (bench: string): Record<string, number> =>
  Object.fromEntries(WANTED.filter((each) => each.bench === bench).map(({ figure, atLeast, atMost }) => [figure, atLeast ?? atMost ?? 0]));

it('is empty when every figure is as wanted', async () => {
  const { figures, falls_short: short, failed } = await all((bench) => Promise.resolve(enough(bench)));
  expect([short, failed]).toEqual([[], {}]);
  expect(figures).toContainEqual({ name: 'prefix_kept_work', value: 0.05, wanted: '<= 0.05' });
  expect(figures).toHaveLength(WANTED.length);
});

it('names each figure on the wrong side, those of a bench that fails, and those that are no numbers', async () => {
  const { falls_short: short, failed } = await all((bench) => {
    if (bench === 'load') return Promise.reject(new Error('no disk'));
    return Promise.resolve({ ...enough(bench), ...(bench === 'vision' && { vision_int8_against_fp32: 2.4, vision_int8_error: Number.NaN }), ...(bench === 'prefill' && { prefix_kept_work: 0.06 }) });
  });
  expect(short).toEqual(['vision_int8_against_fp32', 'vision_int8_error', 'prefix_kept_work', 'packed_load_seconds', 'second_worker_private_share']);
  expect(failed).toEqual({ load: 'Error: no disk' });
});
