// Finds dissolves and fades: stretches in which one picture gives way to another, or to none, little by little.
import { type ChunkTransition } from './chunk-findings.js';
import { type Part } from './shots.js';
import { type Transition } from './signal.js';
import { correlation, novelty, PIXELS, type SmallPicture } from './small-picture.js';

/** Lengths that are tried; a transition between two of them is found by both or by its middle part. */
const LENGTHS = [0.3, 0.6, 1.2, 2.4]; // seconds
const SAMPLING = 0.05; // seconds between pictures that are kept

/** Where inside a transition its progress is measured, and what it may be there. */
const CHECKS = [
  { at: 0.25, least: 0.08, most: 0.45 },
  { at: 0.5, least: 0.3, most: 0.7 },
  { at: 0.75, least: 0.55, most: 0.92 },
];

/** Part of the change that a mixture cannot explain: what moves meanwhile. Pure motion leaves 0.7 and more. */
const MOST_RESIDUE = 0.35;
const LEAST_CHANGE = 10; // grey levels, root mean square
const LEAST_NOVELTY = 0.4;
const MOST_CORRELATION = 0.6; // above, it is one scene in other light

/** A fade leads from a picture with contrast to one without. */
const FADE = { from: 9, to: 5 };

interface Found {
  readonly type: Exclude<Transition['type'], 'cut'>;
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** 0 for a perfect dissolve; for fades how uneven their course is. */
  readonly residue: number;
}

/** Seconds of pictures before a part that decide about its first ones. */
export const GRADUAL_LOOKBACK = (LENGTHS.at(-1) ?? 0) + 0.2;

/** Takes pictures in order, those before the part included, and keeps those of the last few seconds. */
export class GradualDetector {
  private readonly kept: SmallPicture[] = [];
  private readonly found: ChunkTransition[] = [];

  constructor(private readonly part: Part) {}

  add(picture: SmallPicture): void {
    const last = this.kept.at(-1);
    if (last && cellOf(picture.seconds) === cellOf(last.seconds)) return;
    this.kept.push(picture);
    const longest = LENGTHS.at(-1) ?? 0;
    while ((this.kept[1]?.seconds ?? Infinity) <= picture.seconds - longest) this.kept.shift();
    if (picture.seconds < this.part.startSeconds || picture.seconds >= this.part.endSeconds) return;
    const [piece] = LENGTHS.flatMap((length) => this.tryLength(picture, length) ?? []).sort((a, b) => a.residue - b.residue);
    if (piece) addPiece(this.found, transitionOf(piece));
  }

  finish(): ChunkTransition[] {
    return this.found;
  }

  private tryLength(last: SmallPicture, length: number): Found | undefined {
    const first = this.nearest(last.seconds - length);
    if (!first || Math.abs(last.seconds - length - first.seconds) > this.tolerance()) return undefined;
    const kind = kindOf(first, last);
    if (!kind) return undefined;
    let worst = 0;
    for (const { at, least, most } of CHECKS) {
      const middle = this.nearest(last.seconds - length * (1 - at));
      if (!middle || middle === first || middle === last) return undefined;
      const { progress, residue } = kind.measure(middle);
      if (progress < least || progress > most || residue > MOST_RESIDUE) return undefined;
      worst = Math.max(worst, residue);
    }
    if (kind.type === 'dissolve' && novelty(first, last) < LEAST_NOVELTY) return undefined;
    return { type: kind.type, startSeconds: first.seconds, endSeconds: last.seconds, residue: worst };
  }

  /** Half the usual distance of the pictures, where they are few. */
  private tolerance(): number {
    const [first, last] = [this.kept[0]?.seconds ?? 0, this.kept.at(-1)?.seconds ?? 0];
    return Math.max(SAMPLING, (0.55 * (last - first)) / Math.max(1, this.kept.length - 1));
  }

  private nearest(seconds: number): SmallPicture | undefined {
    return this.kept.reduce<SmallPicture | undefined>(
      (best, picture) => (best && Math.abs(best.seconds - seconds) <= Math.abs(picture.seconds - seconds) ? best : picture),
      undefined,
    );
  }
}

const cellOf = (seconds: number): number => Math.floor(seconds / SAMPLING + 1e-6);

function transitionOf({ residue, ...piece }: Found): ChunkTransition {
  const { startSeconds, endSeconds } = piece;
  return { ...piece, confidence: 0.95 - residue, measured: { residue }, firstPiece: { startSeconds, endSeconds } };
}

/** Adds a transition to those before it, of which it may be the next piece: pieces of one kind that overlap are one transition. */
export function addPiece(transitions: ChunkTransition[], next: ChunkTransition): void {
  const open = transitions.at(-1);
  const first = next.firstPiece ?? next;
  if (open?.type !== next.type || first.startSeconds >= open.endSeconds) {
    transitions.push(next);
    return;
  }
  const better = open.confidence >= next.confidence ? open : next;
  const startSeconds = Math.min(open.startSeconds, next.startSeconds);
  const { confidence, measured } = better;
  transitions[transitions.length - 1] = { ...open, startSeconds, endSeconds: next.endSeconds, confidence, measured };
}

interface Progress {
  readonly progress: number; // 0 at the first picture, 1 at the last
  readonly residue: number;
}

interface Kind {
  readonly type: Found['type'];
  readonly measure: (middle: SmallPicture) => Progress;
}

function kindOf(first: SmallPicture, last: SmallPicture): Kind | undefined {
  if (first.contrast >= FADE.from && last.contrast <= FADE.to) {
    return { type: 'fade-out', measure: (middle) => ({ progress: 1 - middle.contrast / first.contrast, residue: 0 }) };
  }
  if (first.contrast <= FADE.to && last.contrast >= FADE.from) {
    return { type: 'fade-in', measure: (middle) => ({ progress: middle.contrast / last.contrast, residue: 0 }) };
  }
  if (Math.min(first.contrast, last.contrast) <= FADE.to || correlation(first, last) > MOST_CORRELATION) return undefined;
  if (mixture(first, last, last).change < LEAST_CHANGE) return undefined;
  return { type: 'dissolve', measure: (middle) => mixture(first, middle, last) };
}

/**
 * The share of `last` in `middle` that explains it best as a mixture with `first`, and the part of the change it leaves unexplained.
 * Means are taken off: a dissolve changes the scene, exposure changes its brightness alone.
 */
function mixture(first: SmallPicture, middle: SmallPicture, last: SmallPicture): Progress & { change: number } {
  let [along, length, whole] = [0, 0, 0];
  for (let i = 0; i < PIXELS; i++) {
    const start = first.light[i]! - first.mean;
    const change = last.light[i]! - last.mean - start;
    const soFar = middle.light[i]! - middle.mean - start;
    along += soFar * change;
    length += change * change;
    whole += soFar * soFar;
  }
  const residue = Math.sqrt(Math.max(0, whole - (along * along) / length) / length);
  return { progress: along / length, residue, change: Math.sqrt(length / PIXELS) };
}
