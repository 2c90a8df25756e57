// The packets of one stream as its container lists them: a table of every frame without decoding any.
import { AppError } from '../../app-error.js';
import { startFfprobe } from './command.js';
import { type FfmpegBinaries } from './ffmpeg-binaries.js';
import { type VideoStream } from './media.js';
import { NumberList } from './number-list.js';
import { type ReadOptions } from './probe.js';

const MAX_FRAMES = 8_000_000; // more than a day at 60 frames per second
const MAX_RATE = 300; // frames per second, over the whole video
const RATE_COUNTS_FROM = 3000; // frames

/** Times in ticks; `pts` may be absent in old containers. Packets hidden by an edit list are not among them. */
export interface PacketTable {
  readonly pts: NumberList; // in the order of the file
  readonly durations: NumberList; // 0 where unknown
  readonly keyframes: NumberList; // pts
  readonly complete: boolean; // every packet has a pts
  readonly isCutShort: boolean; // the file ends before its last packet does
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
  const table = { pts: new NumberList(), durations: new NumberList(Uint32Array), keyframes: new NumberList(), complete: true, isCutShort: false };
  let rest = '';
  for await (const chunk of command) {
    const lines = (rest + chunk.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) addPacket(table, line);
    if (table.pts.length > MAX_FRAMES) throw tooMany(`more than ${MAX_FRAMES} frames`);
  }
  const { stderr } = await command.end;
  table.isCutShort = /: partial file$|File ended prematurely/m.test(stderr);
  const seconds = (spanOf(table.pts) * timeBase.num) / timeBase.den;
  if (table.pts.length > RATE_COUNTS_FROM && table.pts.length > MAX_RATE * seconds) {
    throw tooMany(`${table.pts.length} frames in ${seconds.toFixed(3)} s`);
  }
  return table;
}

/** One line such as `pts=1024|duration=512|flags=K__`; flags hold D where an edit list hides the frame. */
function addPacket(table: { -readonly [Field in keyof PacketTable]: PacketTable[Field] }, line: string): void {
  const flags = fieldOf(line, 'flags=');
  if (flags === undefined || flags.includes('D')) return;
  const pts = Number(fieldOf(line, 'pts=') ?? NaN); // N/A is not a number
  if (Number.isNaN(pts)) {
    table.complete = false;
    return;
  }
  table.pts.push(pts);
  table.durations.push(Number(fieldOf(line, 'duration=')) || 0);
  if (flags.startsWith('K')) table.keyframes.push(pts);
}

function fieldOf(line: string, name: string): string | undefined {
  const found = line.startsWith(name) ? 0 : line.indexOf(`|${name}`) + 1;
  if (found === 0 && !line.startsWith(name)) return undefined;
  const end = line.indexOf('|', found);
  return line.slice(found + name.length, end === -1 ? undefined : end).trim();
}

function spanOf(pts: NumberList): number {
  let [least, most] = [Infinity, -Infinity];
  for (let i = 0; i < pts.length; i++) {
    const value = pts.at(i) ?? 0;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return pts.length > 1 ? most - least : 0;
}

const tooMany = (what: string): AppError => new AppError('video.too_many_frames', `The video has ${what}, more than can be analysed.`);
