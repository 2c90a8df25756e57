// Draws the strip of the whole video: what was found, and how far it is analysed.
import { type Columns, pixelOf } from './columns';
import type { Colors } from './colors';
import type { Lane } from './lane';
import { toX } from './scale';

export const OVERVIEW_HEIGHT = 26;

interface OverviewPicture {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly duration: number;
  readonly colors: Colors;
  readonly lanes: readonly Lane[];
  readonly knownUntil: number;
  readonly columns: Columns;
}

export function paintOverview({ context, width, duration, colors, lanes, knownUntil, columns }: OverviewPicture): void {
  const whole = { start: 0, end: duration };
  const pixels = context.canvas.width;
  context.clearRect(0, 0, width, OVERVIEW_HEIGHT);
  context.fillStyle = colors('--raised');
  context.fillRect(0, 4, width, 18);
  context.fillStyle = colors('--line');
  context.fillRect(0, 4, toX(knownUntil, whole, width), 18);
  if (lanes.length === 0) return;
  columns.begin(pixels, lanes.length);
  lanes.forEach(({ spans }, row) => {
    for (const { start, end, color } of spans) columns.mark(row, toX(start, whole, pixels), Math.max(toX(end, whole, pixels), toX(start, whole, pixels) + 2), pixelOf(colors(color)));
  });
  columns.finish();
  lanes.forEach((_, row) => columns.drawRow(context, row, { top: 6 + (row * 14) / lanes.length, width, height: Math.max(2, 14 / lanes.length - 1) }));
}
