// Angles of the vision tower and of the decoder.
import { describe, expect, it } from 'vitest';
import { textRotary, visionRotary } from './rotary.js';
import { windowPlan } from './windows.js';

describe('visionRotary', () => {
  it('repeats the same angles for every temporal group', () => {
    const { cos } = visionRotary([[3, 4, 6]], { headDim: 80, mergeSize: 2 });
    const group = cos.length / 3;
    expect(cos.subarray(group, 2 * group)).toEqual(cos.subarray(0, group));
    expect(cos.subarray(2 * group)).toEqual(cos.subarray(0, group));
  });

  it('moves the four patches of a cell together into window order', () => {
    const grids = [[1, 6, 10], [2, 4, 4]] as const;
    const { windowIndex } = windowPlan(grids, { windowSize: 112, patchSize: 14, mergeSize: 2 });
    const plain = visionRotary(grids, { headDim: 16, mergeSize: 2 }).sin;
    const moved = visionRotary(grids, { headDim: 16, mergeSize: 2, windowIndex }).sin;
    const cell = 4 * 8;
    windowIndex.forEach((from, place) => {
      expect(moved.subarray(place * cell, (place + 1) * cell)).toEqual(plain.subarray(from * cell, (from + 1) * cell));
    });
  });
});

describe('textRotary', () => {
  it('drives contiguous sections by the temporal, the height and the width id', () => {
    const options = { headDim: 128, mropeSection: [16, 24, 24], theta: 1e6 } as const;
    const same = textRotary(Int32Array.of(7, 7, 7), options);
    const driven = [[9, 7, 7], [7, 9, 7], [7, 7, 9]].map((ids) => textRotary(Int32Array.from(ids), options).sin);
    const changed = driven.map((sin) => [...sin].flatMap((value, j) => (value === same.sin[j] ? [] : [j])));
    expect(changed.map((columns) => [columns[0], columns.at(-1), columns.length])).toEqual([[0, 15, 16], [16, 39, 24], [40, 63, 24]]);
  });
});
