// Joins the clips of a folder into one long video whose every cut is known to the frame.
import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repeat, runFfmpeg } from '../harness/ffmpeg.js';
import { randomOf } from '../../src/world/first/random.js';
import { tell } from '../harness/report.js';

const execute = promisify(execFile);

export const RATE = 25; // pictures a second of the joined video

const SIZE = { width: 640, height: 360 };
const CLIP_SECONDS = 40; // of longer clips only the beginning
const LEAST_SECONDS = 1;
const X264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-g', '50', '-bf', '2', '-pix_fmt', 'yuv420p', '-video_track_timescale', '12800'];

export interface JoinedClip {
  readonly name: string;
  readonly frames: number;
}

export interface JoinedVideo {
  readonly file: string;
  /** In the order joined; the whole order is repeated `rounds` times. */
  readonly clips: readonly JoinedClip[];
  readonly rounds: number;
  readonly framesOfRound: number;
}

/** Every clip that decodes, in an order drawn by `seed`, at one size and rate. */
export async function joinClips(source: string, folder: string, { seed, minutes }: { seed: number; minutes: number }): Promise<JoinedVideo> {
  const parts: { readonly file: string; readonly clip: JoinedClip }[] = [];
  const names = (await readdir(source)).filter((name) => /\.(mp4|mkv|webm|mov|ts|avi|m4v)$/i.test(name)).sort();
  for (const name of randomOf(seed).shuffled(names)) {
    const file = join(folder, `part-${parts.length}.mp4`);
    const frames = await reencode(join(source, name), file);
    if (frames < LEAST_SECONDS * RATE) tell(`${name} is left out: ${frames} pictures`);
    else parts.push({ file, clip: { name, frames } });
  }
  const [round, silent, whole] = ['round.mp4', 'silent.mp4', 'real.mp4'].map((name) => join(folder, name)) as [string, string, string];
  await concatenate(parts.map(({ file }) => file), round);
  const framesOfRound = parts.reduce((sum, { clip }) => sum + clip.frames, 0);
  const rounds = Math.ceil((minutes * 60 * RATE) / framesOfRound);
  await repeat(round, rounds, silent);
  await addSound(silent, whole, (rounds * framesOfRound) / RATE);
  await requireEvenTimes(whole, rounds * framesOfRound);
  return { file: whole, clips: parts.map(({ clip }) => clip), rounds, framesOfRound };
}

/** Pictures written; 0 for what does not decode. */
async function reencode(file: string, target: string): Promise<number> {
  const { width, height } = SIZE;
  const fit = `fps=${RATE},scale=${width}:${height}:force_original_aspect_ratio=decrease,pad=${width}:${height}:-1:-1,setsar=1,setpts=N/${RATE}/TB`;
  await runFfmpeg('-i', file, '-map', '0:v:0', '-an', '-t', String(CLIP_SECONDS), '-vf', fit, ...X264, target).catch(() => undefined);
  const made = await stat(target).catch(() => undefined);
  return made && made.size > 0 ? (await packetTimes(target)).length : 0;
}

async function concatenate(files: readonly string[], target: string): Promise<void> {
  const inputs = files.flatMap((file) => ['-i', file]);
  await runFfmpeg(...inputs, '-filter_complex', `${files.map((_, k) => `[${k}:v]`).join('')}concat=n=${files.length}:v=1,settb=1/${RATE},setpts=N[v]`, '-map', '[v]', ...X264, target);
}

/** A tone for ten seconds of every twenty. */
async function addSound(file: string, target: string, seconds: number): Promise<void> {
  const tone = `aevalsrc=exprs='0.3*sin(880*PI*t)*lt(mod(t,20),10)':sample_rate=16000:duration=${seconds}`;
  await runFfmpeg('-i', file, '-f', 'lavfi', '-i', tone, '-map', '0:v', '-map', '1:a', '-c:v', 'copy', '-c:a', 'aac', '-b:a', '32k', target);
}

/** The cuts are known only if every picture follows the one before by exactly one step. */
async function requireEvenTimes(file: string, frames: number): Promise<void> {
  const times = (await packetTimes(file)).sort((a, b) => a - b);
  const first = times[0] ?? NaN;
  const wrong = times.findIndex((time, k) => Math.abs(time - first - k / RATE) > 1e-4);
  if (times.length !== frames || wrong >= 0) throw new Error(`${file} has ${times.length} of ${frames} pictures, the first at a wrong time is ${wrong}`);
}

async function packetTimes(file: string): Promise<number[]> {
  const options = ['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', file];
  const { stdout } = await execute('ffprobe', options, { maxBuffer: 256 * 1024 ** 2 });
  return stdout.split('\n').flatMap((line) => (line.trim() === '' ? [] : [Number.parseFloat(line)]));
}
