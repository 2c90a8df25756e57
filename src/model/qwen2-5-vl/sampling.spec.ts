// Which frames of a clip the reference takes, and the rate that the model is told.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleFrames } from './sampling.js';

describe('sampleFrames', () => {
  it('tells the model the rate that was really sampled', () => {
    const { indices, effectiveFps, secondPerGrid } = sampleFrames({ totalFrames: 899, fps: 30 });
    expect(indices).toHaveLength(58);
    expect(effectiveFps).toBeCloseTo(1.9354838709677418, 12);
    expect(secondPerGrid).toBe(1.0333333333333332);
    expect(sampleFrames({ totalFrames: 108_000, fps: 30 })).toMatchObject({ secondPerGrid: 9.375 });
  });

  it('takes an even number of frames, in order, from the first to the last of the clip', () => {
    const source = fc.record({ totalFrames: fc.integer({ min: 2, max: 200_000 }), fps: fc.double({ min: 1, max: 120, noNaN: true }) });
    const options = fc.record({ fps: fc.double({ min: 0.01, max: 60, noNaN: true }) });
    fc.assert(
      fc.property(source, options, (video, wanted) => {
        const { indices, startFrame, endFrame } = sampleFrames(video, wanted);
        expect(indices.length % 2).toBe(0);
        expect(indices.length).toBeLessThanOrEqual(768);
        expect([indices[0], indices.at(-1)]).toEqual([startFrame, endFrame]);
        expect([...indices].sort((a, b) => a - b)).toEqual(indices);
      }),
    );
  });

  it.each([
    ['one frame', { totalFrames: 1, fps: 30 }, {}, 'sampling.too_few_frames'],
    ['no frames', { totalFrames: 0, fps: 30 }, {}, 'sampling.source_empty'],
    ['a rate and a number', { totalFrames: 900, fps: 30 }, { fps: 2, frames: 8 }, 'sampling.options_exclusive'],
    ['an empty range', { totalFrames: 900, fps: 30 }, { startSeconds: 5, endSeconds: 5 }, 'sampling.range_empty'],
  ])('refuses %s', (_, source, options, code) => {
    expect(() => sampleFrames(source, options)).toThrow(expect.objectContaining({ code }));
  });
});
