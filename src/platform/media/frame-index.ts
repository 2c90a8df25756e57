// Every presented frame of a video stream: from the container's table, with both ends checked by decoding.
import { decodedTimes, type TimesRequest } from './decoded-times.js';
import { type FfmpegBinaries } from './ffmpeg-binaries.js';
import { type StreamIndex, type VideoStream } from './media.js';
import { listPackets, type PacketTable } from './packets.js';
import { type ReadOptions, unreadable } from './probe.js';
import { lastNotAfter } from './seek.js';

type DecodeTimes = (range?: Omit<TimesRequest, 'video' | keyof ReadOptions>) => Promise<Float64Array>;

/** What is known of the frames; `lastDuration` is 0 where the container does not tell it. */
interface Presented {
  readonly pts: Float64Array;
  readonly lastDuration: number;
  /** Frames that the table lists at its end and that do not decode. */
  readonly undecodable: number;
}

/**
 * Rejects with `video.unreadable` when no frame decodes and with `video.too_many_frames`.
 * Frames lost in the middle of a damaged file are found only by decoding all of it: see `measureCoverage`.
 * Memory: 20 bytes a frame at most, of which 8 remain.
 */
export async function indexFrames(binaries: FfmpegBinaries, file: string, video: VideoStream, options: ReadOptions): Promise<StreamIndex> {
  const packets = await listPackets(binaries, file, video, options);
  const keyframes = packets.keyframes.ascending();
  const { pts, lastDuration, undecodable } = await presentedTimes(packets, keyframes, (range) =>
    decodedTimes(binaries, file, { ...options, ...range, video }),
  );
  const last = pts.at(-1);
  if (last === undefined) throw unreadable();
  return {
    timeBase: video.timeBase,
    originPts: pts[0] ?? 0,
    pts,
    endPts: last + (lastDuration > 0 ? lastDuration : usualDuration(pts, video)),
    keyframePts: keyframes.filter((keyframe) => isAmong(pts, keyframe)),
    loss: { isCutShort: packets.isCutShort, undecodable },
  };
}

/** The table's times from the first to the last frame that really decodes; where the decoder has others, the decoder's. */
async function presentedTimes(packets: PacketTable, keyframes: Float64Array, decode: DecodeTimes): Promise<Presented> {
  const durationOf = (pts: number | undefined): number => (pts === undefined ? 0 : (packets.durations.at(packets.pts.indexOf(pts)) ?? 0));
  const decodeAll = async (): Promise<Presented> => {
    const pts = await decode();
    return { pts, lastDuration: durationOf(pts.at(-1)), undecodable: 0 };
  };
  const [first] = await decode({ maxFrames: 1 });
  if (first === undefined) return { pts: new Float64Array(), lastDuration: 0, undecodable: 0 };
  if (!packets.complete || packets.pts.indexOf(first) === -1) return decodeAll();
  const keyframePts = keyframes.filter((pts) => pts >= first);
  const fromPts = keyframePts.at(-1) ?? first;
  const tail = await decode({ fromPts, keyframePts });
  const table = packets.pts.ascending();
  if (tail.some((pts) => !isAmong(table, pts))) return decodeAll();
  const pts = withTail(table, first, fromPts, tail);
  return { pts, lastDuration: durationOf(tail.at(-1)), undecodable: Math.max(0, table.length - lastNotAfter(table, first) - pts.length) };
}

/** The listed times from `first` on, and from `fromPts` on those of the tail: hardly ever others than those listed. */
function withTail(table: Float64Array, first: number, fromPts: number, tail: Float64Array): Float64Array {
  const begin = lastNotAfter(table, first);
  const end = isAmong(table, fromPts) ? lastNotAfter(table, fromPts) : lastNotAfter(table, fromPts) + 1;
  if (begin === 0 && table.length - end === tail.length && tail.every((pts, i) => pts === table[end + i])) return table;
  const presented = new Float64Array(end - begin + tail.length);
  presented.set(table.subarray(begin, end));
  presented.set(tail, end - begin);
  return presented;
}

const isAmong = (ascending: Float64Array, value: number): boolean => ascending[lastNotAfter(ascending, value)] === value;

/** The usual distance between frames, ticks. */
function usualDuration(pts: Float64Array, { averageFrameRate: rate, timeBase }: VideoStream): number {
  const gaps = Float64Array.from({ length: Math.max(0, pts.length - 1) }, (_, i) => (pts[i + 1] ?? 0) - (pts[i] ?? 0)).sort();
  const usual = gaps[gaps.length >> 1] ?? (rate ? (rate.den * timeBase.den) / (rate.num * timeBase.num) : 1);
  return Math.max(1, Math.round(usual));
}
