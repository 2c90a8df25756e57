// Bicubic resizing with antialiasing, in the two roundings of the reference: one for images, one for the frames of a video.
import { AppError } from '../../app-error.js';
import { roundHalfEven } from './rounding.js';
import { type Size } from './smart-resize.js';

const CHANNELS = 3;

/** Resizes one RGB picture [height, width, 3] of the size the resizer was made for; `out` is filled and returned where given. */
export type Resizer = (rgb: Uint8Array, out?: Uint8Array) => Uint8Array;

/**
 * Prepares the resizing of many pictures from one size to another: weights and work space are made once.
 * `image` rounds to 8 bits between the passes, `video` only at the end; they differ by up to 20 levels on hard edges (spec 4.1).
 * Throws `resize.size_invalid` for a picture of another size.
 */
export function createResizer(source: Size, target: Size, rounding: 'image' | 'video'): Resizer {
  const resize = rounding === 'image' ? imageResizer(source, target) : videoResizer(source, target);
  return (rgb, out = new Uint8Array(target.height * target.width * CHANNELS)) => {
    if (rgb.length !== source.height * source.width * CHANNELS || out.length !== target.height * target.width * CHANNELS) {
      throw new AppError('resize.size_invalid', `${rgb.length} bytes are not a picture of ${source.width} x ${source.height}.`);
    }
    resize(rgb, out);
    return out;
  };
}

/** Which sources a target sample is made of: `count` of them from `first` on, with the weights from `target * stride` on. */
interface Filter<Weights> {
  readonly first: Int32Array; // [target]
  readonly count: Int32Array; // [target]
  readonly weights: Weights; // [target, stride]
  readonly stride: number;
}

/** What intermediate results are rounded to: `Math.fround`, or nothing for double precision. */
type Precision = (value: number) => number;
const double: Precision = (value) => value;
const single: Precision = Math.fround;

/** Spec 4.1: the cubic kernel, a = -0.5, with fused multiply-adds: in single precision the reference's compiler forms them. */
function cubic(x: number, round: Precision): number {
  const a = -0.5;
  const u = Math.abs(x);
  const fused = (p: number, q: number, r: number): number => round(p * q + r);
  if (u < 1) return fused(round(fused(a + 2, u, -(a + 3)) * u), u, 1);
  return u < 2 ? fused(fused(fused(a, u, -5 * a), u, 8 * a), u, -4 * a) : 0;
}

/** Spec 4.1: weights of one axis. The kernel widens when shrinking, which is the antialiasing. */
function filterOf(source: number, target: number, round: Precision): Filter<Float64Array> {
  const scale = round(source / target);
  const widening = Math.max(scale, 1);
  const narrowing = round(1 / widening);
  const support = 2 * widening;
  const stride = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(target);
  const count = new Int32Array(target);
  const weights = new Float64Array(target * stride);
  for (let i = 0; i < target; i++) {
    const centre = round((i + 0.5) * scale);
    const from = Math.max(0, Math.trunc(centre - support + 0.5));
    const to = Math.min(source, Math.trunc(centre + support + 0.5));
    const raw = Array.from({ length: to - from }, (_, k) => cubic(round((from + k - centre + 0.5) * narrowing), round));
    const sum = raw.reduce((total, weight) => round(total + weight), 0);
    first[i] = from;
    count[i] = to - from;
    raw.forEach((weight, k) => (weights[i * stride + k] = weight / sum));
  }
  return { first, count, weights, stride };
}

/** Spec 4.1, videos: weights and rows in float32; clamped and rounded (ties to even) only at the end. */
function videoResizer(source: Size, target: Size): (rgb: Uint8Array, out: Uint8Array) => void {
  const singleFilter = (from: number, to: number): Filter<Float32Array> => {
    const filter = filterOf(from, to, single);
    return { ...filter, weights: Float32Array.from(filter.weights) };
  };
  const across = singleFilter(source.width, target.width);
  const down = singleFilter(source.height, target.height);
  const rowLength = target.width * CHANNELS;
  const narrow = new Float32Array(source.height * rowLength); // [source height, target width, 3]
  const sums = new Float64Array(rowLength);

  return (rgb, out) => {
    for (let y = 0; y < source.height; y++) narrowRow(rgb, y * source.width * CHANNELS, across, narrow, y * rowLength);
    for (let y = 0; y < target.height; y++) {
      sumRows(narrow, down, y, sums);
      for (let k = 0, at = y * rowLength; k < rowLength; k++, at++) out[at] = toLevel(Math.fround(sums[k]!));
    }
  };
}

/** The horizontal pass over one row of pixels. */
function narrowRow(rgb: Uint8Array, rowStart: number, { first, count, weights, stride }: Filter<Float32Array>, out: Float32Array, outStart: number): void {
  let at = outStart;
  for (let x = 0; x < first.length; x++) {
    let red = 0;
    let green = 0;
    let blue = 0;
    let pixel = rowStart + first[x]! * CHANNELS;
    const end = x * stride + count[x]!;
    for (let k = x * stride; k < end; k++, pixel += CHANNELS) {
      const weight = weights[k]!;
      red += weight * rgb[pixel]!;
      green += weight * rgb[pixel + 1]!;
      blue += weight * rgb[pixel + 2]!;
    }
    out[at++] = red;
    out[at++] = green;
    out[at++] = blue;
  }
}

/** The vertical pass for target row `y`: the weighted sum of rows of samples. */
function sumRows(rows: Float32Array, { first, count, weights, stride }: Filter<Float32Array>, y: number, sums: Float64Array): void {
  const length = sums.length;
  sums.fill(0);
  for (let k = 0; k < count[y]!; k++) {
    const weight = weights[y * stride + k]!;
    const start = (first[y]! + k) * length;
    for (let x = 0; x < length; x++) sums[x]! += weight * rows[start + x]!;
  }
}

function toLevel(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : roundHalfEven(value);
}

/** Spec 4.1, images: fixed point with 22 fractional bits, stored as 8 bits between the passes. */
const FRACTION_BITS = 22;
const HALF = 1 << (FRACTION_BITS - 1);

function imageResizer(source: Size, target: Size): (rgb: Uint8Array, out: Uint8Array) => void {
  const fixedFilter = (from: number, to: number): Filter<Int32Array> => {
    const filter = filterOf(from, to, double);
    const toFixed = (weight: number): number => Math.trunc(weight * 2 ** FRACTION_BITS + (weight >= 0 ? 0.5 : -0.5));
    return { ...filter, weights: Int32Array.from(filter.weights, toFixed) };
  };
  const across = fixedFilter(source.width, target.width);
  const down = fixedFilter(source.height, target.height);
  const narrow = new Uint8Array(source.height * target.width * CHANNELS);

  return (rgb, out) => {
    // A side that does not change has one weight of exactly 1, so its pass copies.
    for (let y = 0; y < source.height; y++) {
      for (let x = 0; x < target.width; x++) {
        const pixel = (y * source.width + across.first[x]!) * CHANNELS;
        for (let channel = 0; channel < CHANNELS; channel++) {
          narrow[(y * target.width + x) * CHANNELS + channel] = fixedSum(rgb, pixel + channel, CHANNELS, across, x);
        }
      }
    }
    const rowLength = target.width * CHANNELS;
    for (let y = 0; y < target.height; y++) {
      for (let k = 0; k < rowLength; k++) {
        out[y * rowLength + k] = fixedSum(narrow, down.first[y]! * rowLength + k, rowLength, down, y);
      }
    }
  };
}

/** Weighted sum of every `step`-th sample from `start` on, for target `i`, as a level from 0 to 255. */
function fixedSum(samples: Uint8Array, start: number, step: number, { count, weights, stride }: Filter<Int32Array>, i: number): number {
  let sum = HALF;
  for (let k = 0, at = start; k < count[i]!; k++, at += step) sum = (sum + Math.imul(samples[at]!, weights[i * stride + k]!)) | 0;
  return Math.min(Math.max(sum >> FRACTION_BITS, 0), 255);
}
