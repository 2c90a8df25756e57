// Clips for the faults: short ones of the drawn world, long ones that repeat it, and some that are broken in the middle.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { demoClip } from '../e2e/running-product.js';
import { convert } from '../medium/clips.js';

const DEMO_SECONDS = 240;

/** Encoded anew, nearly the same number of bytes each second, the index before the pictures. */
const EVEN = ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '20', '-bf', '0', '-b:v', '200k', '-minrate', '200k', '-maxrate', '200k', '-bufsize', '100k', '-x264opts', 'nal-hrd=cbr', '-pix_fmt', 'yuv420p', '-an', '-movflags', '+faststart'];

/** The first seconds of the demo hour, or the whole of it again and again; streams are copied. */
export function clipOf(folder: string, seconds: number): Promise<string> {
  const again = ['-stream_loop', String(Math.ceil(seconds / DEMO_SECONDS) - 1)];
  return convert([demoClip('long_4min')], join(folder, `${seconds}s.mp4`), ['-t', String(seconds)], again);
}

/** The demo hour with a keyframe every two seconds, whose pictures between the two seconds have been written over in the file. */
export async function brokenClip(folder: string, { seconds, from, to }: { seconds: number; from: number; to: number }): Promise<string> {
  const whole = await convert([demoClip('long_4min')], join(folder, 'whole.mp4'), ['-t', String(seconds), ...EVEN]);
  const bytes = readFileSync(whole);
  const pictures = bytes.indexOf('mdat', 0, 'latin1') + 4;
  const at = (second: number): number => Math.round(pictures + ((bytes.length - pictures) * second) / seconds);
  bytes.fill(0xff, at(from), at(to));
  const broken = join(folder, `broken-${from}-${to}.mp4`);
  writeFileSync(broken, bytes);
  return broken;
}
