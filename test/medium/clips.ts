// Makes clips whose every picture shows its own number, so that a test can read from the pixels which frame it was given.
import ffmpegInstaller from '@ffmpeg-installer/ffmpeg';
import ffmpeg from 'fluent-ffmpeg';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type Picture } from '../../src/platform/media/index.js';

const BITS = 10;
const CONTRAST = 100; // least difference between a white block and a black one

export interface ClipSpec {
  /** File name; the ending chooses the container. */
  readonly name: string;
  /** Presentation time of each frame in ticks of 1 / timescale seconds, ascending. */
  readonly ticks: readonly number[];
  readonly timescale: number;
  /** Size as it is shown upright, square pixels. */
  readonly width?: number;
  readonly height?: number;
  /** Degrees that the player is told to turn the stored picture, clockwise. */
  readonly rotation?: 0 | 90 | 180 | 270;
  /** Output options, for instance the codec; x264 with reordered frames and a keyframe each 40 without. */
  readonly options?: readonly string[];
  readonly filters?: readonly string[];
}

export interface Clip {
  readonly file: string;
  /** Seconds of each number, from the first frame. */
  readonly seconds: readonly number[];
}

/** A folder that is gone when the tests are over. */
export function clipFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'secondsight-clips-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Frame times of a constant rate of num / den frames a second, in ticks of 1 / num seconds. */
export const constantRate = (num: number, den: number, frames: number): Pick<ClipSpec, 'ticks' | 'timescale'> => ({
  ticks: Array.from({ length: frames }, (_, n) => n * den),
  timescale: num,
});

export const X264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '3', '-g', '40', '-pix_fmt', 'yuv420p'];

/** Encodes with the ffmpeg from npm, whichever one is under test. */
export async function makeClip(folder: string, spec: ClipSpec): Promise<Clip> {
  const { ticks, timescale, width = 320, height = 180, rotation = 0, filters = [], options = X264 } = spec;
  const file = join(folder, spec.name);
  const upright = rotation === 0 ? file : join(folder, `upright-${spec.name}`);
  const sideways = rotation === 90 || rotation === 270;
  const timing = [`settb=1/${timescale}`, `setpts=${table(ticks).replaceAll(',', '\\,')}`, ...filters];
  await encode(
    upright,
    { width: sideways ? height : width, height: sideways ? width : height },
    ticks.map((_, n) => () => turn(drawNumber(n, width, height), width, height, rotation)),
    ['-vf', timing.join(','), '-vsync', '0', '-enc_time_base', `1:${timescale}`, '-video_track_timescale', String(timescale), ...options],
  );
  // The old ffmpeg turns the tag into a matrix that turns the other way.
  if (rotation !== 0) await convert([upright], file, ['-metadata:s:v:0', `rotate=${360 - rotation}`]);
  return { file, seconds: ticks.map((tick) => (tick - (ticks[0] ?? 0)) / timescale) };
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Encodes gray pictures, drawn one after the other, at 25 a second unless the options say otherwise. */
export async function encode(file: string, { width, height }: Size, draw: readonly (() => Buffer)[], options = X264): Promise<string> {
  function* pictures(): Generator<Buffer> {
    for (const picture of draw) yield picture();
  }
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${width}x${height}`, '-r', '25'];
  return save(ffmpeg(Readable.from(pictures())).inputOptions(raw).outputOptions([...options]), file);
}

/** Copies the streams of files, or of lavfi sources such as `sine=d=2`, into another container; options may encode them. */
export async function convert(
  inputs: readonly string[],
  file: string,
  options: readonly string[] = [],
  inputOptions: readonly string[] = [],
): Promise<string> {
  const command = ffmpeg();
  for (const input of inputs) {
    command.input(input);
    if (/^\w+=/.test(input)) command.inputFormat('lavfi');
    else if (inputOptions.length > 0) command.inputOptions([...inputOptions]);
  }
  return save(command.outputOptions(['-c', 'copy', ...options]), file);
}

function save(command: ffmpeg.FfmpegCommand, file: string): Promise<string> {
  return new Promise((resolve, reject) => {
    command
      .setFfmpegPath(ffmpegInstaller.path)
      .on('end', () => resolve(file))
      .on('error', (error: Error, _stdout, stderr) => reject(new Error(`${error.message}\n${stderr}`)))
      .save(file);
  });
}

/** An expression over N that gives ticks[N]. */
function table(ticks: readonly number[], from = 0): string {
  if (ticks.length === 1) return String(ticks[0]);
  const middle = ticks.length >> 1;
  return `if(lt(N,${from + middle}),${table(ticks.slice(0, middle), from)},${table(ticks.slice(middle), from + middle)})`;
}

/** The number in black and white blocks over the upper half; the row below is its negative. The lower half moves a little. */
function drawNumber(n: number, width: number, height: number): Buffer {
  const gray = Buffer.alloc(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = (n >> Math.floor((x * BITS) / width)) & 1;
      const row = Math.floor((y * 4) / height);
      const value = row === 0 ? bit : 1 - bit;
      gray[y * width + x] = row < 2 ? 32 + 192 * value : 64 + ((x + y + 3 * n) % 128);
    }
  }
  return gray;
}

/** The picture as it is stored when the player is to turn it clockwise by `rotation`. */
function turn(gray: Buffer, width: number, height: number, rotation: number): Buffer {
  if (rotation === 0) return gray;
  const stored = Buffer.alloc(gray.length);
  const [storedWidth, storedHeight] = rotation === 180 ? [width, height] : [height, width];
  for (let y = 0; y < storedHeight; y++) {
    for (let x = 0; x < storedWidth; x++) {
      const [shownX, shownY] =
        rotation === 90 ? [width - 1 - y, x] : rotation === 180 ? [width - 1 - x, height - 1 - y] : [y, height - 1 - x];
      stored[y * storedWidth + x] = gray[shownY * width + shownX]!;
    }
  }
  return stored;
}

/** The number that a picture shows; throws when it cannot be read beyond doubt. */
export function readNumber({ rgb, width, height }: Picture): number {
  let n = 0;
  for (let bit = 0; bit < BITS; bit++) {
    const x = (bit + 0.5) / BITS;
    const difference = block(rgb, width, height, x, 1 / 8) - block(rgb, width, height, x, 3 / 8);
    if (Math.abs(difference) < CONTRAST) throw new Error(`Bit ${bit} of the number cannot be read.`);
    if (difference > 0) n |= 1 << bit;
  }
  return n;
}

/** Mean of the middle of a block, 0 to 255. */
function block(rgb: Uint8Array, width: number, height: number, centreX: number, centreY: number): number {
  const [rx, ry] = [Math.max(1, Math.floor(width / BITS / 5)), Math.max(1, Math.floor(height / 4 / 5))];
  const [cx, cy] = [Math.floor(centreX * width), Math.floor(centreY * height)];
  let [sum, count] = [0, 0];
  for (let y = cy - ry; y <= cy + ry; y++) {
    for (let x = cx - rx; x <= cx + rx; x++) {
      sum += rgb[(y * width + x) * 3 + 1]!;
      count++;
    }
  }
  return sum / count;
}
