// The two resizers, of pictures and of video frames.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createResizer } from './resize.js';

const size = fc.record({ height: fc.integer({ min: 1, max: 60 }), width: fc.integer({ min: 1, max: 60 }) });
const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
const pixels = ({ height, width }: { height: number; width: number }): number => height * width;

describe.each(['image', 'video'] as const)('the %s resizer', (rounding) => {
  it('keeps a plain colour, whatever the sizes', () => {
    fc.assert(
      fc.property(size, size, bytes(3), (source, target, colour) => {
        const plain = (count: number): number[] => Array.from({ length: count }, () => [...colour]).flat();
        const out = createResizer(source, target, rounding)(Uint8Array.from(plain(pixels(source))));
        expect([...out]).toEqual(plain(pixels(target)));
      }),
    );
  });

  it('copies a picture whose size does not change', () => {
    fc.assert(
      fc.property(size.chain((same) => fc.tuple(fc.constant(same), bytes(pixels(same) * 3))), ([same, picture]) => {
        expect(createResizer(same, same, rounding)(picture)).toEqual(picture);
      }),
    );
  });

  it('mirrors with its picture', () => {
    const source = { height: 1, width: 37 };
    fc.assert(
      fc.property(bytes(37 * 3), fc.integer({ min: 1, max: 60 }), (row, width) => {
        const resize = createResizer(source, { height: 1, width }, rounding);
        const differences = mirror(resize(mirror(row))).map((level, k) => Math.abs(level - resize(row)[k]!));
        expect(Math.max(...differences)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('refuses a picture of another size', () => {
    const resize = createResizer({ height: 2, width: 2 }, { height: 4, width: 4 }, rounding);
    expect(() => resize(new Uint8Array(11))).toThrow(expect.objectContaining({ code: 'resize.size_invalid' }));
  });
});

/** A row of pixels from right to left. */
function mirror(row: Uint8Array): Uint8Array {
  const count = row.length / 3;
  return row.map((_, k) => row[(count - 1 - Math.floor(k / 3)) * 3 + (k % 3)]!);
}
