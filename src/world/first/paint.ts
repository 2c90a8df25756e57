// Draws one picture of a scene: the backdrop with its noise, then the objects that are visible at that time.
import { type Rgb } from '../vocabulary.js';
import { randomOf } from './random.js';
import { type Backdrop, type Clutter, type Scene, type SceneEvent, SIDE } from './scene.js';
import { type Shape } from './vocabulary.js';

export const PICTURE_BYTES = SIDE * SIDE * 3; // rgb24

/** Where an object that moves begins and ends, as parts of the side. */
const PATH = { from: 8 / SIDE, to: 48 / SIDE };
/** Radius of an object that grows, in pixels; one that shrinks goes the other way. */
const GROWTH = { from: 4.5, to: 18 };
/** An object that blinks is visible for this long, then as long invisible. */
const BLINK_SECONDS = 0.75;

const NOISE_DEVIATION = 3; // grey levels
/** Pictures of noise a backdrop has; they follow each other in no order. */
const NOISE_TILES = 16;

export interface Painter {
  /** Fills `out`, [SIDE, SIDE, 3], with the picture at `seconds`; times must not decrease from call to call. */
  paint(out: Uint8Array, seconds: number): void;
}

export function painterOf(scene: Scene): Painter {
  const random = randomOf(scene.seed ^ 0x5eed);
  const noise = Array.from({ length: NOISE_TILES }, () => Float32Array.from({ length: PICTURE_BYTES }, () => random.normal() * NOISE_DEVIATION));
  let behind: { readonly key: string; readonly tiles: readonly Uint8Array[] } | undefined;
  let firstEvent = 0; // events before it are over

  const tilesAt = (seconds: number): readonly Uint8Array[] => {
    const backdrop = scene.backdrops.findLastIndex(({ startSeconds }) => startSeconds <= seconds);
    const clutter = scene.clutter.filter(({ startSeconds, endSeconds }) => startSeconds <= seconds && seconds < endSeconds);
    const key = [backdrop, ...clutter.map((piece) => scene.clutter.indexOf(piece))].join();
    if (behind?.key !== key) behind = { key, tiles: noise.map((tile) => backdropTile(scene.backdrops[backdrop]!, clutter, tile)) };
    return behind.tiles;
  };

  return {
    paint(out, seconds) {
      out.set(tilesAt(seconds)[random.below(NOISE_TILES)]!);
      while ((scene.events[firstEvent]?.endSeconds ?? Infinity) <= seconds) firstEvent++;
      for (let k = firstEvent; k < scene.events.length; k++) {
        const event = scene.events[k]!;
        if (event.startSeconds > seconds) break;
        if (seconds < event.endSeconds) paintEvent(out, event, seconds);
      }
    },
  };
}

function backdropTile({ from, to, angle }: Backdrop, clutter: readonly Clutter[], noise: Float32Array): Uint8Array {
  const tile = new Uint8ClampedArray(PICTURE_BYTES);
  const [dx, dy] = [Math.cos(angle) / SIDE, Math.sin(angle) / SIDE];
  const half = SIDE / 2;
  for (let y = 0, at = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++, at += 3) {
      const piece = clutter.findLast(({ left, top, width, height }) => x >= left && x < left + width && y >= top && y < top + height);
      const share = Math.min(1, Math.max(0, 0.5 + (x - half) * dx + (y - half) * dy));
      for (let c = 0; c < 3; c++) tile[at + c] = (piece ? piece.rgb[c]! : from[c]! + (to[c]! - from[c]!) * share) + noise[at + c]!;
    }
  }
  return new Uint8Array(tile.buffer);
}

function paintEvent(out: Uint8Array, event: SceneEvent, seconds: number): void {
  const elapsed = seconds - event.startSeconds;
  const share = elapsed / (event.endSeconds - event.startSeconds);
  const forth = (PATH.from + (PATH.to - PATH.from) * share) * SIDE;
  const back = (PATH.to + (PATH.from - PATH.to) * share) * SIDE;
  const { x, y, radius, shape, rgb } = event;
  switch (event.action) {
    case 'appears':
      return paintShape(out, { shape, rgb, x, y, radius });
    case 'blinks':
      return Math.floor(elapsed / BLINK_SECONDS) % 2 === 0 ? paintShape(out, { shape, rgb, x, y, radius }) : undefined;
    case 'moves right':
      return paintShape(out, { shape, rgb, x: forth, y, radius });
    case 'moves left':
      return paintShape(out, { shape, rgb, x: back, y, radius });
    case 'moves down':
      return paintShape(out, { shape, rgb, x, y: forth, radius });
    case 'moves up':
      return paintShape(out, { shape, rgb, x, y: back, radius });
    case 'grows':
      return paintShape(out, { shape, rgb, x, y, radius: GROWTH.from + (GROWTH.to - GROWTH.from) * share });
    case 'shrinks':
      return paintShape(out, { shape, rgb, x, y, radius: GROWTH.to + (GROWTH.from - GROWTH.to) * share });
  }
}

interface PaintedShape {
  readonly shape: Shape;
  readonly rgb: Rgb;
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** Edges are smooth: a pixel that the outline crosses takes part of the colour. Touches only the pixels around the object. */
function paintShape(out: Uint8Array, { shape, rgb, x, y, radius }: PaintedShape): void {
  const [red, green, blue] = rgb;
  const reach = radius * 1.1 + 1;
  const [left, right] = [Math.max(0, Math.floor(x - reach)), Math.min(SIDE - 1, Math.ceil(x + reach))];
  const [top, bottom] = [Math.max(0, Math.floor(y - reach)), Math.min(SIDE - 1, Math.ceil(y + reach))];
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const cover = 0.5 - outside(shape, column + 0.5 - x, row + 0.5 - y, radius);
      if (cover <= 0) continue;
      const share = Math.min(1, cover);
      const at = (row * SIDE + column) * 3;
      out[at] = out[at]! + (red - out[at]!) * share;
      out[at + 1] = out[at + 1]! + (green - out[at + 1]!) * share;
      out[at + 2] = out[at + 2]! + (blue - out[at + 2]!) * share;
    }
  }
}

/** Pixels that a point, seen from the object's centre, lies outside of its outline; negative inside. */
function outside(shape: Shape, x: number, y: number, radius: number): number {
  switch (shape) {
    case 'circle':
      return Math.hypot(x, y) - radius;
    case 'ring':
      return Math.abs(Math.hypot(x, y) - radius * 0.78) - radius * 0.22;
    case 'square':
      return Math.max(Math.abs(x), Math.abs(y)) - radius * 0.88;
    case 'cross': {
      const [wide, high] = [Math.abs(x), Math.abs(y)];
      const arm = radius * 0.32;
      return Math.min(Math.max(wide - radius, high - arm), Math.max(wide - arm, high - radius));
    }
    case 'triangle': {
      // the tip at -radius, the base at 0.8 radius, 0.95 radius to either side
      const [nx, ny] = [1.8, -0.95];
      return Math.max(y - radius * 0.8, (Math.abs(x) * nx + (y + radius) * ny) / Math.hypot(nx, ny));
    }
  }
}
