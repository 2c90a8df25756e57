// A prompt as the decoder takes it, how it is cut into chunks, and how much of it an earlier prompt already paid for.
import { type MultimodalPositions } from './mrope.js';

/** The features that take the places of a run of pad tokens. */
export interface VisionSpan {
  readonly start: number; // row of the prompt
  readonly rows: number;
  readonly features: Float32Array; // [rows, hidden]
}

export interface DecoderPrompt {
  readonly ids: Int32Array; // [length]
  readonly positionIds: Int32Array; // [3, length]: temporal, height, width
  readonly vision: readonly VisionSpan[]; // ascending
  /** Position of the first generated token, on all three axes (spec 8.4). */
  readonly nextPosition: number;
}

/** One sequence without padding; `positions` are those of this sequence alone. Spec 7: feature k takes the place of pad k. */
export function decoderPrompt(ids: Int32Array, { positionIds, ropeDeltas }: MultimodalPositions, vision: readonly VisionSpan[]): DecoderPrompt {
  return { ids, positionIds, vision, nextPosition: ids.length + (ropeDeltas[0] ?? 0) };
}

/** Leading rows that are the same in both prompts: token, position and, under a pad token, the very same features. */
export function sharedRows(a: DecoderPrompt, b: DecoderPrompt): number {
  const length = Math.min(a.ids.length, b.ids.length);
  let shared = 0;
  while (shared < length && sameToken(a, b, shared)) shared++;
  for (const [k, span] of a.vision.entries()) {
    const other = b.vision[k];
    if (span.start < shared && (span.features !== other?.features || span.start !== other.start)) return span.start;
  }
  return shared;
}

function sameToken(a: DecoderPrompt, b: DecoderPrompt, row: number): boolean {
  const samePosition = (axis: number): boolean => a.positionIds[axis * a.ids.length + row] === b.positionIds[axis * b.ids.length + row];
  return a.ids[row] === b.ids[row] && samePosition(0) && samePosition(1) && samePosition(2);
}

/** The row behind the last one that shows something; 0 for a prompt of words. */
export function visionEnd({ vision }: DecoderPrompt): number {
  const last = vision.at(-1);
  return last ? last.start + last.rows : 0;
}

/**
 * Where the chunks of a prefill end. The last row of the vision part always ends one, so that questions about the same video share
 * whole chunks: an answer does not depend, not even in its last bit, on what was asked before.
 * `rowsAt(start)` is the most rows that a chunk beginning at `start` may have.
 *
 * @example a video up to row 600, a question up to row 640, 256 rows at most: // 256, 512, 600, 640
 */
export function chunkEnds(prompt: DecoderPrompt, rowsAt: (start: number) => number): number[] {
  const videoStop = visionEnd(prompt);
  const ends: number[] = [];
  for (let start = 0; start < prompt.ids.length; ) {
    const stop = start < videoStop ? videoStop : prompt.ids.length;
    start = Math.min(start + rowsAt(start), stop);
    ends.push(start);
  }
  return ends;
}

/** Position ids of rows `from` to `to`, [3, to - from]. */
export function positionsOf({ ids, positionIds }: DecoderPrompt, from: number, to: number): Int32Array {
  const rows = to - from;
  const positions = new Int32Array(3 * rows);
  for (let axis = 0; axis < 3; axis++) positions.set(positionIds.subarray(axis * ids.length + from, axis * ids.length + to), axis * rows);
  return positions;
}
