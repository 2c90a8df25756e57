// Pictures that ffmpeg brings to the model's size, beside the reference's own resize of the same pictures at the size of the file.
import { afterAll, describe, expect, it } from 'vitest';
import { createResizer } from '../../src/model/qwen2-5-vl/resize.js';
import { type Picture } from '../../src/platform/media/index.js';
import { clipFolder, constantRate, convert, makeClip, type Size, X264 } from './clips.js';
import { collect, media, openClip } from './media.js';

const folder = clipFolder();
afterAll(folder.remove);

const numbers = (name: string, rest: object = {}) => async (): Promise<string> => (await makeClip(folder.path, { name, ...constantRate(25, 1, 30), ...rest })).file;
const colours = (name: string, size: string, options: readonly string[]) => (): Promise<string> => convert([`testsrc2=size=${size}:rate=25:duration=1`], `${folder.path}/${name}`, options);

const FULL_RANGE = ['-c:v', 'libx264', '-pix_fmt', 'yuvj420p'];
const TEN_BITS = ['-c:v', 'libx265', '-pix_fmt', 'yuv420p10le', '-x265-params', 'log-level=none'];

interface Case {
  readonly what: string;
  readonly make: () => Promise<string>;
  readonly size: Size;
}

const cases: readonly Case[] = [
  { what: 'a little smaller', make: numbers('smaller.mp4'), size: { width: 308, height: 168 } },
  { what: 'a sixth of it', make: numbers('sixth.mp4'), size: { width: 56, height: 28 } },
  { what: 'larger', make: numbers('larger.mp4'), size: { width: 504, height: 280 } },
  { what: 'larger one way and smaller the other', make: numbers('across.mp4'), size: { width: 364, height: 84 } },
  { what: 'of a phone held upright', make: numbers('upright.mp4', { width: 180, height: 320, rotation: 90 }), size: { width: 140, height: 252 } },
  { what: 'of odd sides', make: numbers('odd.mp4', { width: 321, height: 241, options: [...X264, '-pix_fmt', 'yuv444p'] }), size: { width: 252, height: 196 } },
  { what: 'of odd sides, colours halved', make: colours('odd-halved.webm', '641x361', ['-c:v', 'libvpx', '-b:v', '4M', '-pix_fmt', 'yuv420p']), size: { width: 448, height: 252 } },
  { what: 'of wide pixels', make: numbers('wide.mp4', { filters: ['setsar=4/3'] }), size: { width: 392, height: 168 } },
  { what: 'of the full range', make: numbers('full.mp4', { options: FULL_RANGE }), size: { width: 252, height: 140 } },
  { what: 'of ten bits', make: numbers('ten.mp4', { options: TEN_BITS }), size: { width: 252, height: 140 } },
  { what: 'in colour', make: colours('colour.mp4', '640x360', X264), size: { width: 448, height: 252 } },
  { what: 'in full colour', make: colours('full-colour.mp4', '640x360', [...X264, '-pix_fmt', 'yuv444p']), size: { width: 448, height: 252 } },
];

async function pictures(file: string, size?: Size): Promise<Picture[]> {
  const { video, index } = await openClip(file);
  const stored = { width: video.storedWidth, height: video.storedHeight };
  const pts = [...index.pts].filter((_, frame) => frame % 7 === 3);
  return collect(media.decodeFrames(file, video, { pts, keyframePts: index.keyframePts, size: size ?? stored }));
}

describe('pictures at the size that the model wants', () => {
  it.each(cases)('are those of the reference: $what', async ({ make, size }) => {
    const file = await make();
    const stored = await pictures(file);
    const shown = await pictures(file, size);
    expect(shown.map(({ pts, width, height }) => ({ pts, width, height }))).toEqual(stored.map(({ pts }) => ({ pts, ...size })));
    const resize = createResizer(stored[0]!, size, 'video');
    const differences = shown.flatMap(({ rgb }, k) => [...resize(stored[k]!.rgb)].map((level, i) => Math.abs(level - rgb[i]!))).sort((a, b) => a - b);
    expect(differences.reduce((sum, each) => sum + each) / differences.length).toBeLessThan(0.5);
    expect(differences[Math.floor(0.95 * differences.length)]).toBeLessThanOrEqual(4);
  });

  it('have the same colours where the file has that size already', async () => {
    const size = { width: 56, height: 56 };
    const pixel = async (side: number): Promise<number[]> => {
      const file = await convert([`color=c=0x4090c0:size=${side}x${side}:rate=25:duration=1`], `${folder.path}/plain-${side}.mp4`, X264);
      return [...(await pictures(file, size))[0]!.rgb.subarray(0, 3)];
    };
    expect(await pixel(56)).toEqual(await pixel(112));
  });
});

