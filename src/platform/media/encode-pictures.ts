// Makes a video file of pictures that were drawn here, encoded as fast as ffmpeg takes them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { AppError } from '../../app-error.js';
import { type FfmpegBinaries } from './ffmpeg-binaries.js';

export interface EncodeRequest {
  readonly width: number; // pixels of a picture
  readonly height: number;
  /** Pictures a second on the way in; filters may give them other times. */
  readonly rate: number;
  /** Options between input and output: filters, encoder. */
  readonly outputOptions: readonly string[];
}

/** `pictures` are batches of whole pictures, rgb24. Overwrites `file`. Rejects with `ffmpeg.encoding_failed`, and with what `pictures` throws. */
export async function encodePictures(
  { ffmpeg }: FfmpegBinaries,
  file: string,
  pictures: Iterable<Uint8Array>,
  { width, height, rate, outputOptions }: EncodeRequest,
): Promise<void> {
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${width}x${height}`, '-r', String(rate), '-i', 'pipe:0'];
  const child = spawn(ffmpeg.path, ['-v', 'error', '-y', ...raw, ...outputOptions, `file:${file}`], { stdio: ['pipe', 'ignore', 'pipe'] });
  const ended = once(child, 'close') as Promise<[number | null]>;
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-SAID_KEPT)));
  child.stdin.on('error', () => undefined); // its exit code says more
  try {
    for (const batch of pictures) {
      if (!child.stdin.write(batch)) await Promise.race([once(child.stdin, 'drain'), ended]);
    }
    child.stdin.end();
    const [code] = await ended;
    if (code !== 0) throw new AppError('ffmpeg.encoding_failed', `ffmpeg ended with ${code} while it wrote ${file}: ${said.trim()}`);
  } finally {
    child.kill('SIGKILL'); // one that has ended does not mind
  }
}

const SAID_KEPT = 2000;
