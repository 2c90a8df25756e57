// One cheap look over a stretch of a video: small pictures for the detectors, and tiles for its sprite sheet, from a single decode.
import { type FfmpegBinaries } from './ffmpeg-binaries.js';
import { type RawFrame, type Size } from './frame-stream.js';
import { secondsOf, type StreamIndex, type VideoStream } from './media.js';
import { type ReadOptions } from './probe.js';
import { lastNotAfter, streamFramesFrom } from './seek.js';
import { type ScanFrame, smallLook } from './small-frames.js';

/** Pictures of the frames that stand first in their cell of a grid that counts from the first frame of the video. */
export interface TileRequest extends Size {
  readonly seconds: number; // width of a cell
  readonly onTile: (tile: ScanFrame) => void;
}

/** Pictures from outside the part, for detectors that need to know what was before and what comes after. */
export interface ScanContext {
  readonly beforeSeconds: number;
  /** At least so many listed frames before, where frames are sparse. */
  readonly beforeFrames: number;
  /** So many decoded frames after. */
  readonly afterFrames: number;
}

export interface ScanRequest extends ReadOptions {
  readonly video: VideoStream;
  readonly index: StreamIndex;
  /** The part to look at, seconds from the first frame; all of the video without them. */
  readonly startSeconds?: number | undefined;
  readonly endSeconds?: number | undefined;
  readonly context?: ScanContext | undefined;
  /** Leaves out frames that no other needs, on one thread: see `SKIPPING_CODECS`. */
  readonly skipFrames?: boolean | undefined;
  readonly tiles?: TileRequest | undefined;
}

export interface ScanSummary {
  /** Seconds from the first frame to the end of the last one of the part that decodes. */
  readonly decodedUntil: number;
  readonly framesDecoded: number;
  /** Frames of the part that the container lists and the decoder does not give; with `skipFrames` see `measureCoverage`. */
  readonly framesLost: number;
  /** Complaints of the decoder. */
  readonly decodeErrors: number;
  /** Times of the frames of the part that were decoded. */
  readonly decoded: readonly number[];
  /** Whether a frame after the part was seen. */
  readonly goesOn: boolean;
  /** Decoded frames that the index does not list: their times cannot be trusted when frames are left out. */
  readonly unlisted: number;
}

export interface VideoScan {
  readonly frames: AsyncIterable<ScanFrame>;
  /** To be asked for when `frames` has been read to its end. */
  summary(): ScanSummary;
}

/** Codecs that mark frames which no other needs, and whose other frames then come out the same to the bit. */
const SKIPPING_CODECS = ['h264', 'hevc', 'mpeg1video', 'mpeg2video'];

/** Every frame that is not left out, in order of time, read only as fast as it is iterated. */
export function scanVideo(binaries: FfmpegBinaries, file: string, request: ScanRequest): VideoScan {
  const { video, index, startSeconds = 0, endSeconds = Infinity, context, tiles, timeoutSeconds, signal } = request;
  const { originPts } = index;
  const clock = new Clock(index);
  const [partFrom, partTo] = [clock.ticks(startSeconds), clock.ticks(endSeconds)];
  const fromPts = context ? contextStart(index, clock.ticks(startSeconds - context.beforeSeconds), partFrom, context) : partFrom;
  const decoded: number[] = [];
  let [decodeErrors, after, unlisted] = [0, 0, 0];

  async function* frames(): AsyncGenerator<ScanFrame> {
    const stream = streamFramesFrom(binaries, {
      ...{ file, timeoutSeconds, signal, fromPts, keyframePts: index.keyframePts },
      ...{ streamIndex: video.streamIndex, timeBase: video.timeBase, ...smallLook(video) },
      skipFrames: request.skipFrames === true && SKIPPING_CODECS.includes(video.codec) ? 'noref' : undefined,
      sidePictures: tiles && {
        ...{ width: tiles.width, height: tiles.height, select: firstInCell(index, tiles.seconds, partFrom, partTo) },
        onPicture: (picture) => tiles.onTile(clock.frame(picture)),
      },
      onDecodeError: () => (decodeErrors += 1),
    });
    let shownBefore: RawFrame | undefined; // the frame on show where the context begins
    let last = -Infinity;
    for await (const frame of stream) {
      const { pts } = frame;
      if (pts < originPts || pts <= last) continue;
      last = pts;
      if (pts < fromPts) {
        shownBefore = frame;
        continue;
      }
      if (context && shownBefore && pts > fromPts) yield clock.frame(shownBefore);
      shownBefore = undefined;
      if (index.pts[lastNotAfter(index.pts, pts)] !== pts) unlisted += 1;
      if (pts >= partTo) after += 1;
      else if (pts >= partFrom) decoded.push(pts);
      if (after > (context?.afterFrames ?? 0)) break;
      yield clock.frame(frame);
    }
    if (context && shownBefore) yield clock.frame(shownBefore);
  }

  const summary = (): ScanSummary => {
    const listed = listedBetween(index, partFrom, partTo).length;
    const framesLost = Math.max(0, listed - decoded.length);
    const decodedUntil = clock.seconds(shownUntil(index, decoded.at(-1) ?? partFrom - 1));
    return { decodedUntil, framesDecoded: decoded.length, framesLost, decodeErrors, decoded, goesOn: after > 0, unlisted };
  };
  return { frames: frames(), summary };
}

/** Ticks of a stream and seconds from its first frame. */
export class Clock {
  constructor(private readonly index: StreamIndex) {}

  ticks(seconds: number): number {
    return this.index.originPts + (seconds * this.index.timeBase.den) / this.index.timeBase.num;
  }

  seconds(pts: number): number {
    return secondsOf(this.index, pts);
  }

  frame({ pts, data: rgb }: RawFrame): ScanFrame {
    return { pts, seconds: this.seconds(pts), rgb };
  }
}

/** The listed frames in [fromPts, toPts). */
export function listedBetween({ pts }: StreamIndex, fromPts: number, toPts: number): Float64Array {
  const countBefore = (limit: number): number => {
    const last = lastNotAfter(pts, limit);
    return pts[last] === limit ? last : last + 1;
  };
  return pts.subarray(countBefore(fromPts), countBefore(toPts));
}

/** When the next listed frame takes the place of the one at `pts`. */
export const shownUntil = (index: StreamIndex, pts: number): number => index.pts[lastNotAfter(index.pts, pts) + 1] ?? index.endPts;

function contextStart(index: StreamIndex, wanted: number, partFrom: number, { beforeFrames }: ScanContext): number {
  const first = listedBetween(index, -Infinity, partFrom).length;
  return Math.max(index.originPts, Math.min(wanted, index.pts[Math.max(0, first - beforeFrames)] ?? wanted));
}

/** ffmpeg's select expression for frames of the part whose predecessor stands in an earlier cell. */
function firstInCell({ originPts, timeBase }: StreamIndex, cellSeconds: number, fromPts: number, toPts: number): string {
  const perTick = timeBase.num / (timeBase.den * cellSeconds);
  const cell = (pts: string): string => `floor((${pts}-(${originPts}))*${perTick}+1e-6)`;
  const inPart = `gte(pts,${fromPts})*${toPts === Infinity ? '1' : `lt(pts,${toPts})`}`;
  return `${inPart}*(isnan(prev_pts)+gt(${cell('pts')},${cell('prev_pts')}))`;
}
