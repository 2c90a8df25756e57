// The place of a second in a long list.
import { describe, expect, it } from 'vitest';
import type { Segment, SegmentOutline } from '../api/resources';
import { pageAt, rowAt, startBeside } from './place';

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

describe('the segment beside', () => {
  const pages = [[0, 4, 4], [4, 4, 9], [9, 12]].map((starts) => starts.map((start_time) => ({ start_time }) as Segment));
  const edges = { pages: pages.map(([first]) => ({ start_time: first!.start_time, cursor: null })) } as unknown as SegmentOutline;
  const pageOf = (number: number): Promise<Segment[]> => Promise.resolve(pages[number]!);
  const walk = async (from: number, by: -1 | 1): Promise<number[]> => {
    const seen: number[] = [];
    for (let now = await startBeside(edges, pageOf, from, by); now !== undefined && seen.length < 9; now = await startBeside(edges, pageOf, now, by)) seen.push(now);
    return seen;
  };

  it('is found over many that begin together and over the edges of pages', async () => {
    expect(await walk(0, 1)).toEqual([4, 9, 12]);
    expect(await walk(14, -1)).toEqual([9, 4, 0]);
    expect(await startBeside(edges, pageOf, 6, -1)).toBe(0);
  });
});
