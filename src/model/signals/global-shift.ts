// By how much the whole picture has moved between two small pictures, whatever single things in it do.
import { HEIGHT, type SmallPicture, WIDTH } from './small-picture.js';

export interface Shift {
  readonly x: number; // pixels of the small picture, to the right
  readonly y: number; // down
}

const BLOCK = { width: 8, height: 6 };
const REACH = { x: 6, y: 4 };

/** Contrast of a block, grey levels, that makes its place recognisable. */
const LEAST_TEXTURE = 5;
const LEAST_BLOCKS = 8;

/** A block has moved when its new place fits so much better than the old one. */
const BETTER = 0.8;

/** Of the recognisable blocks, those that agree. */
const LEAST_AGREEMENT = 0.5;

/** Part of the picture's width and height over which they must lie: one thing that moves before a plain background is not the camera. */
const LEAST_SPREAD = 0.6;

/** Times the usual misfit of the blocks that agree. */
const MOST_MISFIT = 2.5;

interface Block {
  readonly left: number;
  readonly top: number;
}

interface Vote extends Block {
  readonly dx: number;
  readonly dy: number;
}

/** Undefined where too little can be recognised or the blocks do not agree. */
export function globalShift(before: SmallPicture, after: SmallPicture): Shift | undefined {
  const votes = texturedBlocks(before.light).map((block) => vote(before.light, after.light, block));
  if (votes.length < LEAST_BLOCKS) return undefined;
  const winner = mostAgreed(votes);
  const agreeing = votes.filter((other) => isClose(other, winner));
  if (agreeing.length < LEAST_AGREEMENT * votes.length || !isSpread(agreeing)) return undefined;
  return refine(before.light, after.light, undisturbed(before.light, after.light, agreeing, winner), winner);
}

function texturedBlocks(light: Float32Array): Block[] {
  const blocks: Block[] = [];
  for (let top = 0; top < HEIGHT; top += BLOCK.height) {
    for (let left = 0; left < WIDTH; left += BLOCK.width) {
      let [sum, squares] = [0, 0];
      for (let y = top; y < top + BLOCK.height; y++) {
        for (let x = left; x < left + BLOCK.width; x++) {
          const value = light[y * WIDTH + x]!;
          sum += value;
          squares += value * value;
        }
      }
      const count = BLOCK.width * BLOCK.height;
      if (squares / count - (sum / count) ** 2 >= LEAST_TEXTURE ** 2) blocks.push({ left, top });
    }
  }
  return blocks;
}

/** Where the block has gone. */
function vote(before: Float32Array, after: Float32Array, { left, top }: Block): Vote {
  const inPlace = misfit(before, after, left, top, 0, 0, Infinity);
  let best = { left, top, dx: 0, dy: 0 };
  let least = inPlace * BETTER;
  for (let dy = Math.max(-REACH.y, -top); dy <= Math.min(REACH.y, HEIGHT - BLOCK.height - top); dy++) {
    for (let dx = Math.max(-REACH.x, -left); dx <= Math.min(REACH.x, WIDTH - BLOCK.width - left); dx++) {
      const sum = misfit(before, after, left, top, dx, dy, least);
      if (sum >= least) continue;
      least = sum;
      best = { left, top, dx, dy };
    }
  }
  return best;
}

function misfit(before: Float32Array, after: Float32Array, left: number, top: number, dx: number, dy: number, enough: number): number {
  let sum = 0;
  for (let row = 0; row < BLOCK.height && sum < enough; row++) {
    let at = (top + row) * WIDTH + left;
    let to = at + dy * WIDTH + dx;
    for (const end = at + BLOCK.width; at < end; at++, to++) sum += Math.abs(after[to]! - before[at]!);
  }
  return sum;
}

function isSpread(blocks: readonly Block[]): boolean {
  const [lefts, tops] = [blocks.map(({ left }) => left), blocks.map(({ top }) => top)];
  const across = Math.max(...lefts) - Math.min(...lefts) + BLOCK.width;
  const down = Math.max(...tops) - Math.min(...tops) + BLOCK.height;
  return across >= LEAST_SPREAD * WIDTH && down >= LEAST_SPREAD * HEIGHT;
}

const isClose = (a: Vote, b: Vote): boolean => Math.abs(a.dx - b.dx) <= 1 && Math.abs(a.dy - b.dy) <= 1;

function mostAgreed(votes: readonly Vote[]): Vote {
  let [winner, most] = [votes[0]!, -1];
  for (const candidate of votes) {
    let count = 0;
    for (const other of votes) count += isClose(candidate, other) ? (candidate.dx === other.dx && candidate.dy === other.dy ? 1.01 : 1) : 0;
    if (count > most) [winner, most] = [candidate, count];
  }
  return winner;
}

/** Without the blocks that something else has come into, or gone out of: they fit much worse than the others. */
function undisturbed(before: Float32Array, after: Float32Array, blocks: readonly Block[], { dx, dy }: Vote): Block[] {
  const inside = blocks.filter(
    ({ left, top }) => left + dx >= 0 && top + dy >= 0 && left + dx + BLOCK.width <= WIDTH && top + dy + BLOCK.height <= HEIGHT,
  );
  const misfits = inside.map(({ left, top }) => misfit(before, after, left, top, dx, dy, Infinity));
  const usual = [...misfits].sort((a, b) => a - b)[misfits.length >> 1] ?? 0;
  return inside.filter((_, i) => (misfits[i] ?? 0) <= MOST_MISFIT * usual);
}

/** A fraction of a pixel more or less, by the slope of the light in the blocks that agree: one step of Gauss and Newton. */
function refine(before: Float32Array, after: Float32Array, blocks: readonly Block[], { dx, dy }: Vote): Shift {
  let [xx, xy, yy, xr, yr] = [0, 0, 0, 0, 0];
  for (const { left, top } of blocks) {
    for (let y = top; y < top + BLOCK.height; y++) {
      for (let x = left; x < left + BLOCK.width; x++) {
        const [toX, toY] = [x + dx, y + dy];
        if (toX < 1 || toY < 1 || toX > WIDTH - 2 || toY > HEIGHT - 2) continue;
        const at = toY * WIDTH + toX;
        const slopeX = (after[at + 1]! - after[at - 1]!) / 2;
        const slopeY = (after[at + WIDTH]! - after[at - WIDTH]!) / 2;
        const rest = before[y * WIDTH + x]! - after[at]!;
        xx += slopeX * slopeX;
        xy += slopeX * slopeY;
        yy += slopeY * slopeY;
        xr += slopeX * rest;
        yr += slopeY * rest;
      }
    }
  }
  const determinant = xx * yy - xy * xy;
  if (determinant <= 1e-3 * xx * yy) return { x: dx, y: dy };
  const within = (value: number): number => Math.max(-1, Math.min(1, value));
  return { x: dx + within((yy * xr - xy * yr) / determinant), y: dy + within((xx * yr - xy * xr) / determinant) };
}
