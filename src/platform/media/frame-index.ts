// Every presented frame of a video stream: from the container's table, with both ends checked by decoding.
import { type FfmpegBinaries } from './ffmpeg-binaries.js';
import { type FrameStreamOptions, streamFrames } from './frame-stream.js';
import { type StreamIndex, type VideoStream } from './media.js';
import { listPackets, type PacketTable } from './packets.js';
import { type ReadOptions, unreadable } from './probe.js';
import { seekPoints } from './seek.js';

type DecodeTimes = (range?: Pick<FrameStreamOptions, 'seekSeconds' | 'maxFrames'>) => Promise<number[]>;

/**
 * Rejects with `video.unreadable` when no frame decodes and with `video.too_many_frames`.
 * Frames lost in the middle of a damaged file are found only by decoding all of it: see `scanVideo`.
 */
export async function indexFrames(binaries: FfmpegBinaries, file: string, video: VideoStream, options: ReadOptions): Promise<StreamIndex> {
  const { streamIndex, timeBase } = video;
  const decode: DecodeTimes = async (range = {}) => {
    const pts: number[] = [];
    const picture = { width: 16, height: 16, pixelFormat: 'gray' } as const; // looked at by nobody
    for await (const frame of streamFrames(binaries, { ...options, ...range, ...picture, file, streamIndex, timeBase })) pts.push(frame.pts);
    return ascending(pts);
  };
  const packets = await listPackets(binaries, file, video, options);
  const presented = await presentedTimes(video, packets, decode);
  if (presented.length === 0) throw unreadable();
  const present = new Set(presented);
  return {
    timeBase,
    pts: Float64Array.from(presented),
    endPts: endOf(presented, video, packets),
    keyframePts: Float64Array.from(ascending(packets.keyframes.filter((pts) => present.has(pts)))),
  };
}

/** The table's times from the first to the last frame that really decodes; where the decoder knows others, the decoder's. */
async function presentedTimes(video: VideoStream, packets: PacketTable, decode: DecodeTimes): Promise<number[]> {
  const table = new Set(packets.pts);
  const [first] = await decode({ maxFrames: 1 });
  if (first === undefined) return [];
  if (!packets.complete || !table.has(first)) return decode();
  const tail = await decodeTail(video, packets, first, decode);
  const tailStart = tail[0] ?? Infinity;
  if (tail.some((pts) => !table.has(pts))) return decode();
  return [...ascending(packets.pts).filter((pts) => pts >= first && pts < tailStart), ...tail];
}

/** The times that decode from the last keyframe on. */
async function decodeTail({ timeBase }: VideoStream, packets: PacketTable, first: number, decode: DecodeTimes): Promise<number[]> {
  const keyframes = ascending(packets.keyframes).filter((pts) => pts >= first);
  for (const { seconds, landBy } of seekPoints(keyframes, Infinity, timeBase)) {
    const tail = await decode({ seekSeconds: seconds });
    if (seconds === undefined || (tail[0] ?? Infinity) <= landBy) return tail.filter((pts) => seconds === undefined || pts >= landBy);
  }
  return [];
}

/** Where the last frame stops being shown: after its own duration, else after the usual distance between frames. */
function endOf(presented: readonly number[], { averageFrameRate: rate, timeBase }: VideoStream, packets: PacketTable): number {
  const last = presented.at(-1) ?? 0;
  const own = packets.durations[packets.pts.indexOf(last)] ?? 0;
  if (own > 0) return last + own;
  const gaps = ascending(presented.slice(1).map((pts, i) => pts - (presented[i] ?? 0)));
  const usual = gaps[gaps.length >> 1] ?? (rate ? (rate.den * timeBase.den) / (rate.num * timeBase.num) : 1);
  return last + Math.max(1, Math.round(usual));
}

/** Sorted, each once. */
const ascending = (pts: readonly number[]): number[] => [...new Set(pts)].sort((a, b) => a - b);
