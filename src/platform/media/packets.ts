// The packets of one stream as its container lists them: a table of every frame without decoding any.
import { AppError } from '../../app-error.js';
import { startFfprobe } from './command.js';
import { type FfmpegBinaries } from './ffmpeg-binaries.js';
import { type VideoStream } from './media.js';
import { type ReadOptions } from './probe.js';

const MAX_FRAMES = 8_000_000; // more than a day at 60 frames per second
const MAX_RATE = 300; // frames per second, over the whole video
const RATE_COUNTS_FROM = 3000; // frames

/** Times in ticks; `pts` may be absent in old containers. Packets hidden by an edit list are not among them. */
export interface PacketTable {
  readonly pts: readonly number[]; // in the order of the file
  readonly durations: readonly number[];
  readonly keyframes: readonly number[]; // pts
  readonly complete: boolean; // every packet has a pts
}

/** Rejects with `video.too_many_frames`. */
export async function listPackets(
  binaries: FfmpegBinaries,
  file: string,
  { streamIndex, timeBase }: VideoStream,
  options: ReadOptions,
): Promise<PacketTable> {
  const command = startFfprobe(binaries, {
    ...options,
    file,
    outputOptions: [
      ...['-select_streams', String(streamIndex)],
      ...['-show_entries', 'packet=pts,duration,flags', '-of', 'compact=p=0'],
    ],
    maxOutputBytes: Infinity, // bounded by the number of frames
  });
  const table = { pts: [] as number[], durations: [] as number[], keyframes: [] as number[], complete: true };
  let rest = '';
  for await (const chunk of command) {
    const lines = (rest + chunk.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) addPacket(table, line);
    if (table.pts.length > MAX_FRAMES) throw tooMany(`more than ${MAX_FRAMES} frames`);
  }
  await command.end;
  const seconds = (span(table.pts) * timeBase.num) / timeBase.den;
  if (table.pts.length > RATE_COUNTS_FROM && table.pts.length > MAX_RATE * seconds) {
    throw tooMany(`${table.pts.length} frames in ${seconds.toFixed(3)} s`);
  }
  return table;
}

/** One line such as `pts=1024|duration=512|flags=K__`; flags hold D where an edit list hides the frame. */
function addPacket(table: { pts: number[]; durations: number[]; keyframes: number[]; complete: boolean }, line: string): void {
  const fields = new Map(line.trim().split('|').map((field) => field.split('=') as [string, string]));
  const flags = fields.get('flags');
  if (flags === undefined || flags.includes('D')) return;
  const pts = Number(fields.get('pts')); // N/A is not a number
  if (Number.isNaN(pts)) {
    table.complete = false;
    return;
  }
  table.pts.push(pts);
  table.durations.push(Number(fields.get('duration')) || 0);
  if (flags.startsWith('K')) table.keyframes.push(pts);
}

function span(pts: readonly number[]): number {
  let [least, most] = [Infinity, -Infinity];
  for (const value of pts) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return pts.length > 1 ? most - least : 0;
}

const tooMany = (what: string): AppError => new AppError('video.too_many_frames', `The video has ${what}, more than can be analysed.`);
