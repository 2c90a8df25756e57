// One cheap look at every frame of a video: small pictures for the detectors, and which frames really decode.
import { type FfmpegBinaries } from './ffmpeg-binaries.js';
import { type StreamIndex, type VideoStream } from './media.js';
import { type ReadOptions } from './probe.js';
import { lastNotAfter, streamFramesFrom } from './seek.js';

export const SCAN_WIDTH = 64;
export const SCAN_HEIGHT = 36;

export interface ScanRequest extends ReadOptions {
  readonly video: VideoStream;
  readonly index: StreamIndex;
  /** The part to look at, seconds from the first frame; all of the video without them. */
  readonly startSeconds?: number | undefined;
  readonly endSeconds?: number | undefined;
}

export interface ScanFrame {
  readonly pts: number;
  readonly seconds: number;
  readonly rgb: Uint8Array; // [SCAN_HEIGHT, SCAN_WIDTH, 3]
}

export interface ScanSummary {
  /** The given index with the frames of the scanned part that really decoded. */
  readonly index: StreamIndex;
  /** Seconds from the first frame to the end of the last one that decodes. */
  readonly decodedUntil: number;
  readonly framesDecoded: number;
  /** Frames that the container lists and the decoder does not give. */
  readonly framesLost: number;
  /** Complaints of the decoder. */
  readonly decodeErrors: number;
}

export interface VideoScan {
  readonly frames: AsyncIterable<ScanFrame>;
  /** To be asked for when `frames` has been read to its end. */
  summary(): ScanSummary;
}

/** Every frame of the part in order of time, read only as fast as it is iterated. */
export function scanVideo(binaries: FfmpegBinaries, file: string, request: ScanRequest): VideoScan {
  const { video, index, startSeconds = 0, endSeconds = Infinity, timeoutSeconds, signal } = request;
  const { timeBase } = video;
  const { originPts } = index;
  const ticks = (seconds: number): number => originPts + (seconds * timeBase.den) / timeBase.num;
  const [fromPts, toPts] = [ticks(startSeconds), ticks(endSeconds)];
  const secondsOf = (pts: number): number => ((pts - originPts) * timeBase.num) / timeBase.den;
  const decoded: number[] = [];
  let decodeErrors = 0;

  async function* frames(): AsyncGenerator<ScanFrame> {
    const stream = streamFramesFrom(binaries, {
      ...{ file, timeoutSeconds, signal, fromPts, keyframePts: index.keyframePts },
      ...{ streamIndex: video.streamIndex, timeBase },
      ...{ width: SCAN_WIDTH, height: SCAN_HEIGHT, pixelFormat: 'rgb24', scaling: 'area' },
      onDecodeError: () => (decodeErrors += 1),
    });
    for await (const { pts, data: rgb } of stream) {
      if (pts >= toPts) break;
      if (pts < Math.max(fromPts, originPts) || pts <= (decoded.at(-1) ?? -Infinity)) continue;
      decoded.push(pts);
      yield { pts, seconds: secondsOf(pts), rgb };
    }
  }

  const summary = (): ScanSummary => {
    const seen = withDecoded(index, decoded, fromPts, toPts);
    const listed = index.pts.filter((pts) => pts >= fromPts && pts < toPts).length;
    return {
      index: seen,
      decodedUntil: secondsOf(seen.endPts),
      framesDecoded: decoded.length,
      framesLost: Math.max(0, listed - decoded.length),
      decodeErrors,
    };
  };
  return { frames: frames(), summary };
}

/** The index with what was decoded in [fromPts, toPts) in place of what was listed there. */
function withDecoded(index: StreamIndex, decoded: readonly number[], fromPts: number, toPts: number): StreamIndex {
  const before = index.pts.filter((pts) => pts < fromPts);
  const after = index.pts.filter((pts) => pts >= toPts);
  const pts = Float64Array.from([...before, ...decoded, ...after]);
  const last = pts.at(-1) ?? 0;
  const following = index.pts[lastNotAfter(index.pts, last) + 1];
  const known = new Set(pts);
  return { ...index, pts, endPts: following ?? index.endPts, keyframePts: index.keyframePts.filter((keyframe) => known.has(keyframe)) };
}
