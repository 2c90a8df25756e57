// Sizes of pictures: multiples of 28 within their limits, as the authors print them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gridOf, tokensOf } from './patches.js';
import { IMAGE_PIXELS, smartResize, VIDEO_PIXELS, videoFrameSize } from './smart-resize.js';

const side = fc.integer({ min: 1, max: 8000 });

describe('smartResize', () => {
  it('gives multiples of 28 within the limits, or as near to them as multiples come', () => {
    const sizes = fc.record({ height: side, width: side }).filter(({ height, width }) => Math.max(height, width) / Math.min(height, width) <= 200);
    const limits = fc.constantFrom(IMAGE_PIXELS, VIDEO_PIXELS, { minPixels: 12_544, maxPixels: 602_112.5 });
    fc.assert(
      fc.property(sizes, limits, (size, { minPixels, maxPixels }) => {
        const { height, width } = smartResize({ ...size, minPixels, maxPixels });
        expect([height % 28, width % 28]).toEqual([0, 0]);
        // Above the maximum only where a small picture was raised no further than needed, below the minimum only where a large one was lowered.
        if (height * width > maxPixels) expect((height - 28) * (width - 28)).toBeLessThan(minPixels);
        if (height * width < minPixels) expect((height + 28) * (width + 28)).toBeGreaterThan(maxPixels);
      }),
    );
  });

  it('leaves a picture that fits as it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 60 }), fc.integer({ min: 2, max: 60 }), (rows, columns) => {
        const size = { height: rows * 28, width: columns * 28 };
        expect(smartResize({ ...size, ...IMAGE_PIXELS })).toEqual(size);
      }),
    );
  });

  it.each([
    ['a side of nothing', { height: 0, width: 10, minPixels: 1, maxPixels: 2 }, 'resize.size_invalid'],
    ['limits in the wrong order', { height: 100, width: 100, minPixels: 5000, maxPixels: 4000 }, 'resize.limits_reversed'],
    ['a thread', { height: 10, width: 2001, ...IMAGE_PIXELS }, 'resize.too_thin'],
    ['a side that would vanish', { height: 28, width: 5000, minPixels: 3136, maxPixels: 3136 }, 'resize.side_vanishes'],
  ])('refuses %s', (_, input, code) => expect(() => smartResize(input)).toThrow(expect.objectContaining({ code })));
});

describe('the sizes that the authors print', () => {
  const tokens = (size: { height: number; width: number }, frames = 1): number => tokensOf(gridOf({ frames, ...size }));

  it.each([[8204, 1092, 11427], [28, 224, 8], [700, 1260, 1125]])('an image of %d x %d makes %d tokens', (width, height, expected) => {
    expect(tokens(smartResize({ height, width, ...IMAGE_PIXELS }))).toBe(expected);
  });

  it.each([[4, 644], [8, 1288], [16, 2576]])('%d frames of 392 x 644 make %d tokens', (frames, expected) => {
    expect(tokens(videoFrameSize({ height: 644, width: 392, frames }), frames)).toBe(expected);
  });

  it('holds an hour to its budget only where the minimum is lowered as well', () => {
    const hour = { height: 1080, width: 1920, frames: 768 };
    expect(videoFrameSize(hour)).toEqual({ height: 336, width: 644 });
    expect(videoFrameSize({ ...hour, totalPixels: 24_576 * 784, minPixels: 16 * 784 })).toEqual({ height: 168, width: 280 });
    expect(videoFrameSize({ ...hour, totalPixels: 20_480 * 784, minPixels: 16 * 784 })).toEqual({ height: 140, width: 252 });
    expect(tokens(videoFrameSize({ ...hour, totalPixels: 1 }), 768)).toBeGreaterThan(45_000);
  });
});
