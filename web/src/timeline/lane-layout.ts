// Where lanes and their rows lie below each other, in pixels.
import type { Lane } from './lane';

export const RULER_HEIGHT = 30;
const ROW_HEIGHT = 16;
const ROW_GAP = 2;
const PADDING = 5;
const CURVE_HEIGHT = 30;

export const rowHeight = ({ rowCount }: Lane): number => (rowCount > 1 ? 13 : ROW_HEIGHT);

export const laneHeight = (lane: Lane): number => (lane.curve ? CURVE_HEIGHT : PADDING * 2 + lane.rowCount * (rowHeight(lane) + ROW_GAP) - ROW_GAP);

/** Top of a row inside its lane. */
export const rowTop = (lane: Lane, row: number): number => PADDING + row * (rowHeight(lane) + ROW_GAP);

export interface PlacedLane {
  readonly lane: Lane;
  readonly top: number;
  readonly height: number;
}

export function placed(lanes: readonly Lane[]): PlacedLane[] {
  let top = 0;
  return lanes.map((lane) => {
    const height = laneHeight(lane);
    top += height;
    return { lane, top: top - height, height };
  });
}

/** The lane and the row under a height. */
export function laneAt(lanes: readonly PlacedLane[], y: number): { lane: Lane; row: number } | undefined {
  const found = lanes.find(({ top, height }) => y >= top && y < top + height);
  if (!found) return undefined;
  const row = Math.floor((y - found.top - PADDING) / (rowHeight(found.lane) + ROW_GAP));
  return { lane: found.lane, row: Math.min(found.lane.rowCount - 1, Math.max(0, row)) };
}
