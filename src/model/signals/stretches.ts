// Turns "this picture has the property" into stretches, in such a way that the stretches of neighbouring chunks fit together.
import { type ChunkStretch } from './chunk-findings.js';
import { type Part } from './shots.js';
import { type Signal } from './signal.js';

export type StretchKind = Omit<Signal, 'startSeconds' | 'endSeconds'>;

/** Pictures in order, those around the part included; a stretch ends with the first picture that is not part of it. */
export class StretchFinder {
  private readonly found: ChunkStretch[] = [];
  private open: { readonly startSeconds: number; readonly continued: boolean } | undefined;
  private before = false;
  private isOver = false;

  constructor(
    private readonly part: Part,
    private readonly kind: StretchKind,
  ) {}

  /** `startSeconds` is where the stretch begins if this picture is its first: not always with the picture itself. */
  add(seconds: number, has: boolean, startSeconds = seconds): void {
    if (this.isOver) return;
    const { part } = this;
    this.isOver = seconds >= part.endSeconds;
    if (has && !this.open && seconds >= part.startSeconds) {
      if (this.before) this.open = { startSeconds: part.startSeconds, continued: true };
      else if (!this.isOver) this.open = { startSeconds, continued: false };
    }
    if (this.open && !has) this.close(seconds);
    if (this.isOver) this.close(part.endSeconds);
    this.before = has;
  }

  /** The last picture is on show until `untilSeconds`. */
  finish(untilSeconds: number): ChunkStretch[] {
    if (!this.isOver) {
      if (this.before) this.open ??= { startSeconds: this.part.startSeconds, continued: true };
      this.close(Math.min(untilSeconds, this.part.endSeconds));
    }
    return this.found;
  }

  private close(endSeconds: number): void {
    const { open } = this;
    this.open = undefined;
    if (open && endSeconds > open.startSeconds) this.found.push({ ...this.kind, ...open, endSeconds });
  }
}
