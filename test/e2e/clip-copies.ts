// Copies of clips that are other files with the same pictures: the product stores the same bytes once.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { temporaryFolder } from '../medium/servers.js';

const LEAST = 32; // bytes that a copy is larger by

/** An MP4 of `bytes` bytes, or a little larger than the clip: behind it lies a box that players pass over, different at every call. */
export function paddedClip(file: string, bytes = 0): Buffer {
  const clip = readFileSync(file);
  const more = Math.max(LEAST, bytes - clip.length);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(more);
  head.write('free', 4, 'latin1');
  return Buffer.concat([clip, head, randomBytes(more - head.length)]);
}

/** The path of a copy under the same name. */
export function anotherCopy(file: string): string {
  const folder = join(temporaryFolder(), 'copy');
  mkdirSync(folder);
  const path = join(folder, basename(file));
  writeFileSync(path, paddedClip(file));
  return path;
}
