// Positions on three axes: never back, the same in a batch, rounded as the reference rounds.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { multimodalPositions, type PositionInput, temporalIds } from './mrope.js';
import { type Grid, tokensOf } from './patches.js';

const [START, END, IMAGE, VIDEO, PAD] = [1, 2, 3, 4, 0];
const tokens = { imageTokenId: IMAGE, videoTokenId: VIDEO, visionStartTokenId: START };

const grid = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }))
  .map(([t, h, w]): Grid => [t, 2 * h, 2 * w]);
const item = fc.oneof(
  fc.record({ text: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ video: grid, seconds: fc.double({ min: 0.05, max: 20, noNaN: true }) }),
  fc.record({ image: grid.map(([, h, w]): Grid => [1, h, w]) }),
);
type Item = { text: number } | { video: Grid; seconds: number } | { image: Grid };

/** A row of the prompt from its items. */
const idsOf = (items: readonly Item[]): number[] =>
  items.flatMap((each) => {
    if ('text' in each) return Array.from({ length: each.text }, () => 100);
    const [pad, cells] = 'video' in each ? [VIDEO, each.video] : [IMAGE, each.image];
    return [START, ...Array.from({ length: tokensOf(cells) }, () => pad), END];
  });

const inputOf = (items: readonly Item[]): PositionInput => ({
  inputIds: [idsOf(items)],
  imageGrids: items.flatMap((each) => ('image' in each ? [each.image] : [])),
  videoGrids: items.flatMap((each) => ('video' in each ? [each.video] : [])),
  secondPerGrids: items.flatMap((each) => ('video' in each ? [each.seconds] : [])),
  tokens,
  tokensPerSecond: 2,
});

const row = fc.array(item, { minLength: 1, maxLength: 6 });

describe('multimodalPositions', () => {
  it('never lets the temporal id go back, and continues behind the largest id of any axis', () => {
    fc.assert(
      fc.property(row, (items) => {
        const input = inputOf(items);
        const length = input.inputIds[0]!.length;
        const { positionIds, ropeDeltas } = multimodalPositions(input);
        const temporal = positionIds.subarray(0, length);
        expect(temporal.every((id, k) => k === 0 || id >= temporal[k - 1]!)).toBe(true);
        expect(length + ropeDeltas[0]!).toBe(positionIds.reduce((max, id) => Math.max(max, id), 0) + 1);
      }),
    );
  });

  it('gives a padded row of a batch the ids that it has alone', () => {
    fc.assert(
      fc.property(row, row, fc.boolean(), (first, second, left) => {
        const [a, b] = [inputOf(first), inputOf(second)];
        const length = Math.max(a.inputIds[0]!.length, b.inputIds[0]!.length);
        const pad = (values: readonly number[], filling: number): number[] => {
          const padding = Array.from({ length: length - values.length }, () => filling);
          return left ? [...padding, ...values] : [...values, ...padding];
        };
        const rows = [a, b].map((input) => Array.from(input.inputIds[0]!));
        const { positionIds, ropeDeltas } = multimodalPositions({
          ...a,
          inputIds: rows.map((ids) => pad(ids, PAD)),
          attentionMask: rows.map((ids) => pad(ids.map(() => 1), 0)),
          imageGrids: [...a.imageGrids!, ...b.imageGrids!],
          videoGrids: [...a.videoGrids!, ...b.videoGrids!],
          secondPerGrids: [...a.secondPerGrids!, ...b.secondPerGrids!],
        });
        [a, b].forEach((input, k) => {
          const alone = multimodalPositions(input);
          const own = rows[k]!.length;
          for (const axis of [0, 1, 2]) {
            const expected = pad([...alone.positionIds.subarray(axis * own, (axis + 1) * own)], 1);
            expect([...positionIds.subarray((axis * 2 + k) * length, (axis * 2 + k + 1) * length)]).toEqual(expected);
          }
          expect(length + ropeDeltas[k]!).toBe(own + alone.ropeDeltas[0]!);
        });
      }),
    );
  });

  it.each([
    ['fewer pad tokens than the grid has', { inputIds: [[START, VIDEO, END]], videoGrids: [[2, 2, 2]] as Grid[] }],
    ['a block without a grid', { inputIds: [[START, VIDEO, END]], videoGrids: [] }],
    ['a grid without a block', { inputIds: [[100]], imageGrids: [[1, 2, 2]] as Grid[] }],
  ])('refuses %s', (_, input) => {
    const attempt = (): unknown => multimodalPositions({ ...input, tokens, tokensPerSecond: 2 });
    expect(attempt).toThrow(expect.objectContaining({ code: 'positions.grid_mismatch' }));
  });
});

describe('temporalIds', () => {
  it('multiplies in single precision and truncates last', () => {
    expect([...temporalIds(4, 9.375, 2)]).toEqual([0, 18, 37, 56]);
    expect(temporalIds(16, 1.0333333333333332, 2)[15]).toBe(31); // 30 in double precision
    expect(temporalIds(384, 9.375, 2)[383]).toBe(7181);
  });
});
