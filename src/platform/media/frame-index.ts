// Every presented frame of a video stream: from the container's table, with both ends checked by decoding.
import { decodedTimes, type TimesRequest } from './decoded-times.js';
import { type FfmpegBinaries } from './ffmpeg-binaries.js';
import { type StreamIndex, type VideoStream } from './media.js';
import { listPackets, type PacketTable } from './packets.js';
import { type ReadOptions, unreadable } from './probe.js';

type DecodeTimes = (range?: Omit<TimesRequest, 'video' | keyof ReadOptions>) => Promise<number[]>;

/**
 * Rejects with `video.unreadable` when no frame decodes and with `video.too_many_frames`.
 * Frames lost in the middle of a damaged file are found only by decoding all of it: see `scanVideo`.
 */
export async function indexFrames(binaries: FfmpegBinaries, file: string, video: VideoStream, options: ReadOptions): Promise<StreamIndex> {
  const packets = await listPackets(binaries, file, video, options);
  const presented = await presentedTimes(packets, (range) => decodedTimes(binaries, file, { ...options, ...range, video }));
  if (presented.length === 0) throw unreadable();
  const present = new Set(presented);
  return {
    timeBase: video.timeBase,
    originPts: presented[0] ?? 0,
    pts: Float64Array.from(presented),
    endPts: endOf(presented, video, packets),
    keyframePts: Float64Array.from(ascending(packets.keyframes).filter((pts) => present.has(pts))),
  };
}

/** The table's times from the first to the last frame that really decodes; where the decoder has others, the decoder's. */
async function presentedTimes(packets: PacketTable, decode: DecodeTimes): Promise<number[]> {
  const table = new Set(packets.pts);
  const [first] = await decode({ maxFrames: 1 });
  if (first === undefined) return [];
  if (!packets.complete || !table.has(first)) return decode();
  const keyframePts = ascending(packets.keyframes).filter((pts) => pts >= first);
  const fromPts = keyframePts.at(-1) ?? first;
  const tail = await decode({ fromPts, keyframePts });
  if (tail.some((pts) => !table.has(pts))) return decode();
  return [...ascending(packets.pts).filter((pts) => pts >= first && pts < fromPts), ...tail];
}

/** Where the last frame stops being shown: after its own duration, else after the usual distance between frames. */
function endOf(presented: readonly number[], { averageFrameRate: rate, timeBase }: VideoStream, packets: PacketTable): number {
  const last = presented.at(-1) ?? 0;
  const own = packets.durations[packets.pts.indexOf(last)] ?? 0;
  if (own > 0) return last + own;
  const gaps = presented.slice(1).map((pts, i) => pts - (presented[i] ?? 0));
  const usual = gaps.sort((a, b) => a - b)[gaps.length >> 1] ?? (rate ? (rate.den * timeBase.den) / (rate.num * timeBase.num) : 1);
  return last + Math.max(1, Math.round(usual));
}

/** Sorted, each once. */
const ascending = (pts: readonly number[]): number[] => [...new Set(pts)].sort((a, b) => a - b);
