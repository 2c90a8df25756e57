// Copies a video out of a container that cannot be searched into one that can, without changing a picture or a time.
import { rm, stat } from 'node:fs/promises';
import { startFfmpeg } from './command.js';
import { type FfmpegBinaries } from './ffmpeg-binaries.js';
import { indexFrames } from './frame-index.js';
import { type StreamIndex, type VideoStream } from './media.js';
import { probe, type ReadOptions } from './probe.js';

/** As ffprobe names them: without an index, or with one that is by bytes, or without times. */
const ODD_CONTAINERS = ['mpegts', 'mpeg', 'flv', 'avi', 'ogg', 'asf'];

export interface RemuxRequest extends ReadOptions {
  readonly container: string;
  readonly video: VideoStream;
  readonly index: StreamIndex;
  /** Where the copy goes; the file exists afterwards only if there is one. */
  readonly output: string;
}

export interface Remuxed {
  readonly file: string;
  readonly video: VideoStream;
  readonly index: StreamIndex;
}

/** Others go into Matroska alone, whose times are whole milliseconds. */
const QUICKTIME_CODECS = ['h264', 'hevc', 'mpeg4', 'mpeg2video', 'mpeg1video', 'av1'];

/** Room for tables and headers beside what is copied. */
const EXTRA_BYTES = 64 * 1024 ** 2;

export const isOddContainer = (container: string): boolean => container.split(',').some((name) => ODD_CONTAINERS.includes(name));

/**
 * Undefined when the container is a good one, when its streams fit into no other, and when the copy does not have the same frames at
 * exactly the same times: then the original is what is to be used.
 */
export async function remux(binaries: FfmpegBinaries, file: string, request: RemuxRequest): Promise<Remuxed | undefined> {
  if (!isOddContainer(request.container)) return undefined;
  for (const container of containersFor(request.video)) {
    const copy = await tryRemux(binaries, file, request, container);
    if (copy) return copy;
    await rm(request.output, { force: true });
  }
  return undefined;
}

async function tryRemux(
  binaries: FfmpegBinaries,
  file: string,
  request: RemuxRequest,
  container: readonly string[],
): Promise<Remuxed | undefined> {
  const { video, index, output, timeoutSeconds, signal } = request;
  const { size } = await stat(file);
  const command = startFfmpeg(binaries, {
    ...{ file, timeoutSeconds, signal, maxOutputBytes: 0 },
    inputOptions: ['-copyts', '-fflags', '+genpts'], // times that a packet lacks follow from the others; compared below
    outputOptions: [
      ...['-map', `0:${video.streamIndex}`, '-map', '0:a:0?', '-c', 'copy', '-map_metadata', '0'],
      ...['-avoid_negative_ts', 'make_zero', '-max_muxing_queue_size', '9999', ...container],
    ],
    output: { file: output, maxBytes: size + size / 4 + EXTRA_BYTES },
  });
  for await (const _ of command);
  const { exitCode } = await command.end;
  if (exitCode !== 0) return undefined;
  const options = { timeoutSeconds, signal };
  const copied = await probe(binaries, output, options).catch(() => undefined);
  if (!copied) return undefined;
  const found = await indexFrames(binaries, output, copied.video, options).catch(() => undefined);
  return found && hasSameTimes(index, found) ? { file: output, video: copied.video, index: found } : undefined;
}

/**
 * Output options of what to try in turn: QuickTime, which takes more kinds of sound than MP4, and any clock, so that each tick of the
 * original is a whole number of its own; then Matroska, which takes everything.
 */
function containersFor({ codec, timeBase }: VideoStream): (readonly string[])[] {
  const quickTime = ['-video_track_timescale', String(timeBase.den), '-f', 'mov'];
  return [...(QUICKTIME_CODECS.includes(codec) ? [quickTime] : []), ['-f', 'matroska']];
}

/** The same frames at the same times from the first one on, as fractions without rounding. */
export function hasSameTimes(a: StreamIndex, b: StreamIndex): boolean {
  if (a.pts.length !== b.pts.length) return false;
  const perTick = (index: StreamIndex, other: StreamIndex): bigint => BigInt(index.timeBase.num) * BigInt(other.timeBase.den);
  const [aTick, bTick] = [perTick(a, b), perTick(b, a)];
  const isSame = (x: number, y: number): boolean => BigInt(x - a.originPts) * aTick === BigInt(y - b.originPts) * bTick;
  return a.pts.every((pts, i) => isSame(pts, b.pts[i] ?? NaN));
}
