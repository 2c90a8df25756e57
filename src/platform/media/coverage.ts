// How much of a stretch of video really decodes, when its scan has left frames out.
import { decodedTimes } from './decoded-times.js';
import { type FfmpegBinaries } from './ffmpeg-binaries.js';
import { type StreamIndex, type VideoStream } from './media.js';
import { type ReadOptions } from './probe.js';
import { Clock, listedBetween, type ScanSummary, shownUntil } from './scan.js';

export interface CoverageRequest extends ReadOptions {
  readonly video: VideoStream;
  readonly index: StreamIndex;
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** Of the scan of this part. */
  readonly summary: ScanSummary;
}

export interface Coverage {
  /** Where the last picture of the part that decodes stops being shown, at most the end of the part; its start if none decodes. */
  readonly decodedUntil: number;
  readonly framesDecoded: number;
  readonly framesLost: number;
}

/** Encoders leave out no more frames in a row; a larger hole between decoded frames is a loss. */
const MOST_SKIPPED = 16;

/**
 * Frames that were left out count as decoded where nothing speaks against them. Where the decoder complained, or a hole is too large,
 * the part is decoded in full for its times; where the stream ends, what follows the last frame is.
 */
export async function measureCoverage(binaries: FfmpegBinaries, file: string, request: CoverageRequest): Promise<Coverage> {
  const { index, video, summary, timeoutSeconds, signal } = request;
  const clock = new Clock(index);
  const [fromPts, toPts] = [clock.ticks(request.startSeconds), clock.ticks(request.endSeconds)];
  const listed = listedBetween(index, fromPts, toPts);
  const doubtful = firstDoubt(index, listed, summary);
  if (doubtful === undefined) return coverage(request, listed);
  const { keyframePts } = index;
  const range = { fromPts: doubtful, toPts: listed.at(-1) ?? doubtful, keyframePts };
  const times = await decodedTimes(binaries, file, { video, timeoutSeconds, signal, ...range });
  const sure = listedBetween(index, fromPts, doubtful);
  return coverage(request, Float64Array.from([...sure, ...times]));
}

/** The frame from which on it is not known what decodes; undefined when all do. */
function firstDoubt(index: StreamIndex, listed: Float64Array, { decoded, decodeErrors, goesOn }: ScanSummary): number | undefined {
  const first = listed[0];
  if (first === undefined) return undefined;
  if (decodeErrors > 0) return first;
  const known = [first, ...decoded];
  for (const [i, pts] of decoded.entries()) {
    if (listedBetween(index, known[i] ?? first, pts).length > MOST_SKIPPED + 1) return known[i];
  }
  const last = decoded.at(-1);
  const rest = last === undefined ? listed.length : listed.length - listedBetween(index, first, last + 1).length;
  return rest === 0 || (goesOn && rest <= MOST_SKIPPED) ? undefined : (last ?? first);
}

function coverage({ index, startSeconds, endSeconds, summary }: CoverageRequest, decoded: Float64Array): Coverage {
  const clock = new Clock(index);
  const listed = listedBetween(index, clock.ticks(startSeconds), clock.ticks(endSeconds)).length;
  const last = decoded.at(-1);
  const isHeld = last === undefined && listed === 0 && (summary.goesOn || clock.seconds(index.endPts) > startSeconds);
  const until = last === undefined ? (isHeld ? endSeconds : startSeconds) : clock.seconds(shownUntil(index, last));
  return {
    decodedUntil: Math.max(startSeconds, Math.min(endSeconds, until)),
    framesDecoded: decoded.length,
    framesLost: Math.max(0, listed - decoded.length),
  };
}
