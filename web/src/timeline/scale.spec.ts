// The timeline between seconds and pixels.
import { describe, expect, it } from 'vitest';
import { clampExtent, moved, showing, toSeconds, toX, zoomed } from './scale';

const extent = { start: 100, end: 200 };

describe('the scale', () => {
  it('leads from seconds to pixels and back', () => {
    expect(toX(150, extent, 1000)).toBe(500);
    expect(toSeconds(toX(123.456, extent, 1371), extent, 1371)).toBeCloseTo(123.456, 9);
  });

  it('keeps what is under the pointer while it zooms', () => {
    const near = zoomed(extent, 0.5, 120, 3600);
    expect(toX(120, near, 1000)).toBeCloseTo(toX(120, extent, 1000), 9);
    expect(near.end - near.start).toBe(50);
  });

  it('never leaves the video, and stops at frames', () => {
    expect(zoomed(extent, 1000, 120, 3600)).toEqual({ start: 0, end: 3600 });
    expect(zoomed(extent, 1e-9, 100, 3600)).toEqual({ start: 100, end: 100.5 });
    expect(moved(extent, -500, 3600)).toEqual({ start: 0, end: 100 });
    expect(moved(extent, 5000, 3600)).toEqual({ start: 3500, end: 3600 });
    expect(clampExtent({ start: 0, end: 0.1 }, 0.2)).toEqual({ start: 0, end: 0.2 });
  });

  it('follows what is played, with room ahead', () => {
    expect(showing(extent, 150, 3600)).toBe(extent);
    expect(showing(extent, 201, 3600)).toEqual({ start: 191, end: 291 });
  });
});
