// Draws the strip of the whole video: what was found, how far it is analysed, and which part is shown above.
import type { Colors } from './colors';
import type { Lane } from './lane';
import { type Extent, toX } from './scale';

export const OVERVIEW_HEIGHT = 26;

interface OverviewPicture {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly duration: number;
  readonly extent: Extent;
  readonly colors: Colors;
  readonly lanes: readonly Lane[];
  readonly knownUntil: number;
}

export function paintOverview({ context, width, duration, extent, colors, lanes, knownUntil }: OverviewPicture): void {
  const whole = { start: 0, end: duration };
  context.clearRect(0, 0, width, OVERVIEW_HEIGHT);
  context.fillStyle = colors('--raised');
  context.fillRect(0, 4, width, 18);
  context.fillStyle = colors('--line');
  context.fillRect(0, 4, toX(knownUntil, whole, width), 18);
  lanes.forEach((lane, index) => {
    const [top, height] = [6 + (index * 14) / lanes.length, Math.max(2, 14 / lanes.length - 1)];
    let drawnUntil = -1;
    for (const span of lane.spans) {
      const [left, right] = [toX(span.start, whole, width), toX(span.end, whole, width)];
      if (right <= drawnUntil) continue;
      drawnUntil = Math.max(right, left + 2);
      context.fillStyle = colors(span.color);
      context.fillRect(left, top, Math.max(2, right - left - 1), height);
    }
  });
  context.strokeStyle = colors('--accent');
  context.lineWidth = 2;
  const left = toX(extent.start, whole, width);
  context.strokeRect(Math.max(1, left), 2, Math.max(4, Math.min(width - 1, toX(extent.end, whole, width)) - Math.max(1, left)), OVERVIEW_HEIGHT - 4);
  context.lineWidth = 1;
}
