// How well a box or a point that was told meets the true box.
import { type Box, type Point } from '../grounding/boxes.js';

/** Intersection over union of two boxes, 0 to 1; 0 where either has no area. */
export function boxOverlap([left, top, right, bottom]: Box, [x1, y1, x2, y2]: Box): number {
  const width = Math.min(right, x2) - Math.max(left, x1);
  const height = Math.min(bottom, y2) - Math.max(top, y1);
  if (width <= 0 || height <= 0) return 0;
  const both = width * height;
  return both / ((right - left) * (bottom - top) + (x2 - x1) * (y2 - y1) - both);
}

/** Its edges belong to the box. */
export const isInside = ([x, y]: Point, [left, top, right, bottom]: Box): boolean => x >= left && x <= right && y >= top && y <= bottom;
