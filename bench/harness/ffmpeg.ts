// Runs ffmpeg to make the files that benches use.
import { execFile } from 'node:child_process';
import { rename, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { loadConfig } from '../../src/platform/config/config.js';
import { findFfmpeg } from '../../src/platform/media/ffmpeg-binaries.js';
import { Media } from '../../src/platform/media/index.js';
import { tell } from './report.js';

const execute = promisify(execFile);

/** The media tools that the environment names. */
export const mediaTools = (): Media => new Media(loadConfig());

/** Runs the ffmpeg that the product uses. Rejects with what it said. */
export async function runFfmpeg(...args: readonly string[]): Promise<void> {
  const { FFMPEG_PATH: ffmpeg, FFPROBE_PATH: ffprobe } = loadConfig();
  const binaries = await findFfmpeg({ ffmpeg, ffprobe });
  await execute(binaries.ffmpeg.path, ['-v', 'error', '-nostdin', '-y', ...args], { maxBuffer: 16 * 1024 ** 2 });
}

/** `file`, made unless it is there: whole, because it has its name only then. */
export async function madeBy(args: readonly string[], file: string): Promise<string> {
  if (await stat(file).then(() => true, () => false)) return file;
  tell(`making ${file}`);
  const partial = join(dirname(file), `partial-${basename(file)}`);
  await runFfmpeg(...args, partial);
  await rename(partial, file);
  return file;
}

/** The same pictures at the same times under another sha-256, so that nothing kept of the first serves the copy. */
export async function copyWithOtherHash(file: string, target: string, mark: string): Promise<void> {
  await runFfmpeg('-copyts', '-i', file, '-map', '0', '-c', 'copy', '-metadata', `comment=${mark}`, target);
}

/** `file` over and over, packets as they are. */
export async function repeat(file: string, times: number, target: string): Promise<void> {
  const list = `${target}.txt`;
  await writeFile(list, `file '${file}'\n`.repeat(times));
  await runFfmpeg('-f', 'concat', '-safe', '0', '-i', list, '-map', '0', '-c', 'copy', target);
}
