// Renders a scene into a video file: pictures are drawn here and encoded by ffmpeg as fast as it takes them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { PICTURE_BYTES, painterOf } from './paint.js';
import { type Scene, SIDE, truthOf } from './scene.js';
import { constantRate, pictureCount, secondsOf, timingExpression, type Timing } from './timing.js';

export interface RenderOptions {
  /** The ending chooses the container. */
  readonly file: string;
  /** Pixels of a side of the video, a multiple of 56; default 112. */
  readonly side?: number;
  /** Default 25 pictures a second from 0. */
  readonly timing?: Timing;
  /** Options of the encoder. */
  readonly encoding?: readonly string[];
}

/** Small groups of pictures, so that every part of an hour is reached quickly. */
const X264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20', '-g', '50', '-pix_fmt', 'yuv420p'];

const PICTURES_A_WRITE = 64;

/** Writes the video and, beside it with the ending `.json`, its true events. */
export async function renderScene(scene: Scene, options: RenderOptions): Promise<void> {
  const { file, side = 112, timing = constantRate(25), encoding = X264 } = options;
  const filters = [`settb=1/${timing.timescale}`, `setpts='${timingExpression(timing)}'`, `scale=${side}:${side}:flags=neighbor`];
  const output = ['-vf', filters.join(','), '-fps_mode', 'passthrough', '-enc_time_base', `1:${timing.timescale}`, ...encoding];
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${SIDE}x${SIDE}`, '-r', '25', '-i', 'pipe:0'];
  const child = spawn('ffmpeg', ['-v', 'error', '-y', ...raw, ...output, file], { stdio: ['pipe', 'inherit', 'inherit'] });
  const ended = once(child, 'close') as Promise<[number | null]>;
  child.stdin.on('error', () => undefined); // its exit code says more
  const painter = painterOf(scene);
  const count = pictureCount(timing, scene.seconds);
  for (let from = 0; from < count; from += PICTURES_A_WRITE) {
    const batch = Buffer.allocUnsafe(Math.min(PICTURES_A_WRITE, count - from) * PICTURE_BYTES);
    for (let at = 0; at < batch.length; at += PICTURE_BYTES) {
      painter.paint(batch.subarray(at, at + PICTURE_BYTES), secondsOf(timing, from + at / PICTURE_BYTES));
    }
    if (!child.stdin.write(batch)) await Promise.race([once(child.stdin, 'drain'), ended]);
  }
  child.stdin.end();
  const [code] = await ended;
  if (code !== 0) throw new Error(`ffmpeg ended with ${code} while it wrote ${file}`);
  await writeFile(file.replace(/\.\w+$/, '.json'), `${JSON.stringify(truthOf(scene), null, 1)}\n`);
}
