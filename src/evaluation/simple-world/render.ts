// Renders a scene of the simple world into a video file.
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Media, passThrough } from '../../platform/media/index.js';
import { PICTURE_BYTES, painterOf } from '../../world/first/paint.js';
import { type Scene, SIDE, truthOf } from '../../world/first/scene.js';
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
const X264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20', '-g', '50'];

const PICTURES_A_WRITE = 64;

/** Writes the video and, beside it with the ending `.json`, its true events. */
export async function renderScene(media: Media, scene: Scene, options: RenderOptions): Promise<void> {
  const { file, side = 112, timing = constantRate(25), encoding = X264 } = options;
  const filters = [`settb=1/${timing.timescale}`, `setpts='${timingExpression(timing)}'`, `scale=${side}:${side}:flags=neighbor`];
  const outputOptions = ['-vf', filters.join(','), ...passThrough(await media.binaries()), '-enc_time_base', `1:${timing.timescale}`, ...encoding];
  await media.writeVideo({ file: resolve(file), width: SIDE, height: SIDE, fps: 25, pictures: batches(scene, timing), outputOptions });
  await writeFile(file.replace(/\.\w+$/, '.json'), `${JSON.stringify(truthOf(scene), null, 1)}\n`);
}

/** [pictures, SIDE, SIDE, 3], some at a time. */
function* batches(scene: Scene, timing: Timing): Generator<Uint8Array> {
  const painter = painterOf(scene);
  const count = pictureCount(timing, scene.seconds);
  for (let from = 0; from < count; from += PICTURES_A_WRITE) {
    const batch = new Uint8Array(Math.min(PICTURES_A_WRITE, count - from) * PICTURE_BYTES);
    for (let at = 0; at < batch.length; at += PICTURE_BYTES) {
      painter.paint(batch.subarray(at, at + PICTURE_BYTES), secondsOf(timing, from + at / PICTURE_BYTES));
    }
    yield batch;
  }
}
