// Videos of any size: the demo clip with a box behind it that players pass over, different at every call.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { demoClip } from '../e2e/running-product.js';

export function largeVideo(bytes: number): Buffer {
  const clip = readFileSync(demoClip('short_30s'));
  const head = Buffer.alloc(8);
  head.writeUInt32BE(bytes - clip.length);
  head.write('free', 4, 'latin1');
  return Buffer.concat([clip, head, randomBytes(bytes - clip.length - head.length)]);
}
