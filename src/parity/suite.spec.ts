// The score of a parity suite: what passes, what fails, what is skipped.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { frameSampling } from './frame-sampling.js';
import { runVectorSuite, Score } from './suite.js';

describe('Score', () => {
  it('reports the difference that comes closest to its own tolerance', () => {
    const score = new Score();
    score.case('wide', () => score.close('levels', [10], [11], 4));
    score.case('narrow', () => score.close('angles', [0.5], [0.5009], 0.001));
    score.case('equal', () => score.close('ids', [1, 2], [1, 2], 0));
    expect(score.report()).toMatchObject({ cases: 3, tolerance: 0.001, failures: [] });
    expect(score.report().largestDifference).toBeCloseTo(0.0009, 9);
  });

  it.each([
    ['a difference above the tolerance', [1.1], 0.01],
    ['a missing value', [], 1],
    ['something that is not a number', [Number.NaN], 1],
  ])('fails a case for %s', (_, actual, tolerance) => {
    const score = new Score();
    score.case('case', () => score.close('values', actual, [1], tolerance));
    expect(score.report().failures).toHaveLength(1);
  });

  it('fails a case that is accepted where the reference refuses it', () => {
    const score = new Score();
    score.case('accepted', () => score.refused('the plan', () => 3));
    score.case('refused', () => score.refused('the plan', () => { throw new Error('no'); }));
    expect(score.report().failures).toEqual(['accepted: the plan is 3, expected a refusal']);
  });
});

describe('runVectorSuite', () => {
  it('skips a file that is absent, and fails one that is unreadable or wrong in a single number', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'vectors-'));
    expect(await runVectorSuite(frameSampling, directory)).toBeUndefined();

    await writeFile(join(directory, frameSampling.file), '{"cases": [');
    expect((await runVectorSuite(frameSampling, directory))?.failures).toHaveLength(1);

    const expected = { start_frame: 0, end_frame: 5, range_frames: 6, nframes: 4, indices: [0, 2, 3, 4], sample_fps: 20, second_per_grid_t: 0.1 };
    const cases = [{ total_frames: 6, video_fps: 30, ele: {}, expected }];
    await writeFile(join(directory, frameSampling.file), JSON.stringify({ cases }));
    expect((await runVectorSuite(frameSampling, directory))?.failures).toEqual(['6 frames at 30, {}: indices is [0,2,3,5], expected [0,2,3,4]']);
  });
});
