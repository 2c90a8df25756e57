// Writes pictures that are made here into a video file, for scenes whose truth is known.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';
import { AppError } from '../../app-error.js';
import { type FfmpegBinaries } from './ffmpeg-binaries.js';

export interface VideoRequest {
  /** Absolute path; its ending says the container, and with it the codec. */
  readonly file: string;
  readonly width: number; // even, as most codecs want it
  readonly height: number;
  readonly fps: number;
  /** RGB bytes of the pictures in turn, one or more whole ones at a time. */
  readonly pictures: Iterable<Uint8Array>;
  /** Filters and encoder; default what the container commonly holds. */
  readonly outputOptions?: readonly string[];
}

const STDERR_KEPT = 2048;

/** Pictures are made only as fast as they are encoded. Rejects with `ffmpeg.not_runnable` or `ffmpeg.refused`. */
export async function writeVideo({ ffmpeg }: FfmpegBinaries, { file, width, height, fps, pictures, outputOptions = [] }: VideoRequest): Promise<void> {
  const input = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${width}x${height}`, '-r', String(fps), '-i', 'pipe:0'];
  const child = spawn(ffmpeg.path, ['-hide_banner', '-loglevel', 'error', '-y', ...input, '-pix_fmt', 'yuv420p', ...outputOptions, `file:${file}`], {
    stdio: ['pipe', 'ignore', 'pipe'],
    windowsHide: true,
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-STDERR_KEPT)));
  child.stdin.on('error', () => undefined); // a pipe that breaks is told of by the exit code
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', (cause) => reject(new AppError('ffmpeg.not_runnable', `Could not start ${basename(ffmpeg.path)}.`, { cause })));
    child.once('close', resolve);
  });
  ended.catch(() => undefined); // awaited below, after the last picture
  for (const picture of pictures) {
    if (child.exitCode !== null || child.stdin.destroyed) break;
    if (!child.stdin.write(picture)) await Promise.race([once(child.stdin, 'drain').catch(() => undefined), ended]);
  }
  child.stdin.end();
  const exitCode = await ended;
  if (exitCode !== 0) throw new AppError('ffmpeg.refused', `ffmpeg refused to write ${file}: ${said.trim()}.`, { details: { stderr: said } });
}
