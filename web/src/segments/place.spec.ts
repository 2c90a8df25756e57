// The place of a second in a long list.
import { expect, it } from 'vitest';
import type { Segment, SegmentOutline } from '../api/resources';
import { pageAt, rowAt } from './place';

const outline = { pages: [0, 10, 10, 25].map((start_time) => ({ start_time, cursor: null })) } as unknown as SegmentOutline;
const rows = [25, 26, 26, 30].map((start_time) => ({ start_time }) as Segment);
const pageOf = (number: number): Segment[] | undefined => (number === 3 ? rows : undefined);

it('is the last that began by then', () => {
  expect([-1, 0, 9.9, 10, 24, 99].map((second) => pageAt(outline, second))).toEqual([0, 0, 0, 2, 2, 3]);
  expect([25, 26, 29, 99].map((second) => rowAt(outline, 100, pageOf, second))).toEqual([300, 302, 302, 303]);
});

it('is the page alone while its rows are not known', () => {
  expect(rowAt(outline, 100, pageOf, 12)).toBe(200);
  expect(rowAt({ ...outline, pages: [] }, 100, pageOf, 12)).toBe(-1);
});
