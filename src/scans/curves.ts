// Curves of a video: what its chunks measured each second, put end to end.
import { type ChunkFindings } from '../model/signals/chunk-findings.js';

export interface Curves {
  /** Second of the first value. */
  readonly start_time: number;
  readonly step_seconds: 1;
  readonly motion: readonly (number | null)[];
  readonly camera: ChunkFindings['camera'];
  readonly loudness: readonly (number | null)[];
}

type CurveName = 'motion' | 'camera' | 'loudness';

/** What a scanned chunk has for each of its seconds. */
export interface MeasuredChunk extends Pick<ChunkFindings, CurveName> {
  readonly startTime: number;
}

/** Values from `startSeconds` (a whole second) to `endSeconds`; null where nothing is measured, or not yet. */
export function curvesOf(chunks: readonly MeasuredChunk[], startSeconds: number, endSeconds: number): Curves {
  const curve = <Name extends CurveName>(name: Name) => secondsOf(chunks, name, startSeconds, endSeconds);
  return { start_time: startSeconds, step_seconds: 1, motion: curve('motion'), camera: curve('camera'), loudness: curve('loudness') };
}

function secondsOf<Name extends CurveName>(chunks: readonly MeasuredChunk[], name: Name, startSeconds: number, endSeconds: number): ChunkFindings[Name][number][] {
  const values = Array<ChunkFindings[Name][number]>(Math.max(0, Math.ceil(endSeconds) - startSeconds)).fill(null);
  for (const chunk of chunks) {
    chunk[name].forEach((value, k) => {
      const at = chunk.startTime + k - startSeconds;
      if (at >= 0 && at < values.length) values[at] = value;
    });
  }
  return values;
}
