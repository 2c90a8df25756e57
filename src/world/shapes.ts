// How far a point is from the edge of a shape; negative inside.
import { type Shape } from './vocabulary.js';

/** `x` and `y` from the middle of the shape, in heights of the picture like `radius`. */
export function shapeDistance(shape: Shape, x: number, y: number, radius: number): number {
  const [ax, ay] = [Math.abs(x), Math.abs(y)];
  switch (shape) {
    case 'circle':
      return Math.sqrt(x * x + y * y) - radius;
    case 'square':
      return Math.max(ax, ay) - 0.9 * radius;
    case 'triangle': // apex a radius above the middle, base 0.8 below and two radii wide
      return Math.max(y - 0.8 * radius, (ax - (y + radius) / 1.8) * 0.8742);
    case 'cross':
      return Math.min(Math.max(ax - radius, ay - 0.34 * radius), Math.max(ax - 0.34 * radius, ay - radius));
    case 'ring': {
      const distance = Math.sqrt(x * x + y * y);
      return Math.max(distance - radius, 0.55 * radius - distance);
    }
    case 'diamond':
      return (ax + ay - 1.1 * radius) * 0.7071;
  }
}
