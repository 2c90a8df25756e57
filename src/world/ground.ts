// The ground of a shot: a gradient with clouds, stripes and dull things, sliding slowly where the camera pans.
import { hash } from './dice.js';
import { type Distractor, type Shot } from './scene.js';

export interface GroundView {
  readonly aspect: number;
  readonly seconds: number;
  /** Height of the picture in pixels. */
  readonly height: number;
  readonly cloudSeed: number;
}

/** Clouds repeat after so many cells. */
const LATTICE = 64;

/** Writes the three levels of a point to `levels[at]` and on. */
export type Ground = (x: number, y: number, levels: Float64Array, at: number) => void;

export function groundOf(shot: Shot, { aspect, seconds, height, cloudSeed }: GroundView): Ground {
  const clouds = [0, 1].map((octave) => latticeOf(cloudSeed, octave));
  const since = seconds - shot.start;
  const [slideX, slideY] = [shot.panX * since, shot.panY * since];
  return (viewX, viewY, levels, at) => {
    const [x, y] = [viewX + slideX, viewY + slideY];
    const way = Math.max(0, Math.min(1, shot.offset + (shot.across * x) / aspect + shot.down * y));
    let extra = shot.stripes * wave(shot.stripesAcross * x + shot.stripesDown * y);
    if (shot.clouds > 0) {
      extra += shot.clouds * cloud(clouds[0]!, x * shot.cells, y * shot.cells);
      extra += (shot.clouds / 2) * cloud(clouds[1]!, x * shot.cells * 2, y * shot.cells * 2);
    }
    for (let c = 0; c < 3; c++) levels[at + c] = shot.from[c]! + (shot.to[c]! - shot.from[c]!) * way + extra;
    for (const distractor of shot.distractors) {
      const share = Math.max(0, Math.min(1, 0.5 - distanceTo(distractor, x, y) * height));
      if (share > 0) for (let c = 0; c < 3; c++) levels[at + c]! += (distractor.rgb[c]! - levels[at + c]!) * share;
    }
  };
}

/** A triangle between -1 and 1, once for each whole number. */
const wave = (turns: number): number => 4 * Math.abs(turns - Math.floor(turns) - 0.5) - 1;

/** An ellipse is measured as a circle that was stretched, which is right at its edge and near it. */
function distanceTo({ x, y, halfWidth, halfHeight, round }: Distractor, px: number, py: number): number {
  const [ax, ay] = [Math.abs(px - x), Math.abs(py - y)];
  if (!round) return Math.max(ax - halfWidth, ay - halfHeight);
  const [u, v] = [ax / halfWidth, ay / halfHeight];
  return (Math.sqrt(u * u + v * v) - 1) * Math.min(halfWidth, halfHeight);
}

/** Numbers between -1 and 1, [64, 64]. */
const latticeOf = (seed: number, octave: number): Float64Array =>
  Float64Array.from({ length: LATTICE * LATTICE }, (_, k) => hash(seed, octave, k) / 2147483648 - 1);

function cloud(lattice: Float64Array, x: number, y: number): number {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  const [u, v] = [smooth(x - column), smooth(y - row)];
  const at = (c: number, r: number): number => lattice[(r & (LATTICE - 1)) * LATTICE + (c & (LATTICE - 1))]!;
  const top = at(column, row) + (at(column + 1, row) - at(column, row)) * u;
  const bottom = at(column, row + 1) + (at(column + 1, row + 1) - at(column, row + 1)) * u;
  return top + (bottom - top) * v;
}

const smooth = (share: number): number => share * share * (3 - 2 * share);
