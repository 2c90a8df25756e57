// What is a video, which of its streams is the video, and what is refused: the same way every time.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clip, clipFolder, constantRate, convert, encode, makeClip } from './clips.js';
import { media, openClip } from './media.js';

const folder = clipFolder();
const at = (name: string): string => join(folder.path, name);
let clip: Clip;

beforeAll(async () => {
  clip = await makeClip(folder.path, { name: 'clip.mp4', ...constantRate(25, 1, 50) });
});
afterAll(folder.remove);

describe('a video', () => {
  it('is described as a player shows it', async () => {
    const { file } = await makeClip(folder.path, {
      name: 'phone.mp4',
      ...constantRate(30_000, 1001, 60),
      ...{ width: 180, height: 320, rotation: 90, filters: ['setsar=4/3'] },
    });
    const withSound = await convert([file, 'sine=d=2'], at('phone-sound.mp4'), ['-c:a', 'aac', '-map', '0:v', '-map', '1:a']);
    expect(await media.probe(withSound)).toMatchObject({
      container: expect.stringContaining('mp4') as string,
      bytes: (await readFile(withSound)).length,
      hasAudio: true,
      video: {
        ...{ streamIndex: 0, codec: 'h264', rotation: 90, averageFrameRate: { num: 30_000, den: 1001 } },
        ...{ width: 180, height: 427, storedWidth: 180, storedHeight: 320 },
      },
    });
  });

  it('is the default stream, of several the largest, and never a cover picture', async () => {
    const small = await makeClip(folder.path, { name: 'small.mp4', ...constantRate(25, 1, 25), width: 160, height: 96 });
    const maps = ['-map', '0', '-map', '1'];
    const cover = await convert([clip.file], at('cover.jpg'), ['-c:v', 'mjpeg', '-frames:v', '1', '-s', '640x360']);
    const chosen = async (file: string): Promise<number> => (await media.probe(file)).video.streamIndex;
    const both = (name: string, first: string): Promise<string> =>
      convert([small.file, clip.file], at(name), [...maps, '-disposition:v:0', first, '-disposition:v:1', '0']);
    expect(await chosen(await both('unmarked.mkv', '0'))).toBe(1);
    expect(await chosen(await both('marked.mkv', 'default'))).toBe(0);
    const attached = ['-attach', cover, '-metadata:s:t', 'mimetype=image/jpeg'];
    expect(await chosen(await convert([small.file], at('covered.mkv'), attached))).toBe(0);
  });

  it.each([
    ['a single frame', 1, 0.04],
    ['two frames', 2, 0.08],
  ])('may be %s', async (_, frames, seconds) => {
    const { file } = await makeClip(folder.path, { name: `${frames}.mp4`, ...constantRate(25, 1, frames) });
    const { index } = await openClip(file);
    expect(((index.endPts - (index.pts[0] ?? 0)) * index.timeBase.num) / index.timeBase.den).toBeCloseTo(seconds, 9);
  });
});

describe('what is refused', () => {
  const text = (name: string, content: string) => async () => {
    await writeFile(at(name), content);
    return at(name);
  };

  const refusals: readonly [string, string, () => Promise<string>][] = [
    ['an empty file', 'video.empty', text('empty.mp4', '')],
    ['a text named .mp4', 'video.not_a_video', text('text.mp4', 'Dear sir or madam,\n'.repeat(500))],
    [
      'a playlist that names a video of somebody else',
      'video.not_a_video',
      () => text('list.mp4', `#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:2,\nfile://${clip.file}\n#EXT-X-ENDLIST\n`)(),
    ],
    ['a script that names a video of somebody else', 'video.not_a_video', text('script.mp4', 'ffconcat version 1.0\nfile clip.mp4\n')],
    ['a picture', 'video.not_a_video', () => convert([clip.file], at('picture.png'), ['-c:v', 'png', '-frames:v', '1'])],
    ['sound alone', 'video.no_video_stream', () => convert(['sine=d=2'], at('sound.mp4'), ['-c:a', 'aac'])],
    [
      'sound with a cover',
      'video.no_video_stream',
      async () => {
        const cover = await convert([clip.file], at('front.png'), ['-c:v', 'png', '-frames:v', '1']);
        const maps = ['-map', '0', '-map', '1', '-c:a', 'aac', '-disposition:v:0', 'attached_pic'];
        return convert(['sine=d=2', cover], at('album.m4a'), maps);
      },
    ],
    [
      'a file cut before its table of contents',
      'video.unreadable',
      async () => {
        await writeFile(at('headless.mp4'), (await readFile(clip.file)).subarray(0, 6000));
        return at('headless.mp4');
      },
    ],
    [
      'a table of contents without the pictures',
      'video.unreadable',
      async () => {
        const front = await convert([clip.file], at('front.mp4'), ['-movflags', '+faststart']);
        const bytes = await readFile(front);
        await writeFile(at('hollow.mp4'), bytes.subarray(0, bytes.indexOf('mdat') + 4));
        return at('hollow.mp4');
      },
    ],
    [
      'pictures of more than 36 million pixels',
      'video.too_many_pixels',
      () => encode(at('huge.mkv'), { width: 8000, height: 4600 }, [() => Buffer.alloc(8000 * 4600)], ['-c:v', 'mjpeg']),
    ],
    [
      'thousands of frames a second',
      'video.too_many_frames',
      () => {
        const pictures = Array.from({ length: 4000 }, () => () => Buffer.alloc(256));
        const timing = ['-vf', 'settb=1/1000,setpts=N', '-vsync', '0', '-enc_time_base', '1:1000'];
        return encode(at('rapid.mkv'), { width: 16, height: 16 }, pictures, ['-c:v', 'mpeg4', ...timing]);
      },
    ],
  ];

  it.each(refusals)('%s: %s', async (_, code, make) => {
    const file = await make();
    for (let time = 0; time < 2; time++) await expect(openClip(file)).rejects.toMatchObject({ code });
  });

  it('does not start what cannot be run', async () => {
    const { Media } = await import('../../src/platform/media/index.js');
    const broken = new Media({ FFMPEG_PATH: clip.file, FFPROBE_PATH: undefined, MEDIA_TIMEOUT_SECONDS: 10 });
    await expect(broken.probe(clip.file)).rejects.toMatchObject({ code: 'ffmpeg.not_runnable' });
  });

  it('makes a refusal of an answer that makes no sense', async () => {
    const { Media } = await import('../../src/platform/media/index.js');
    const confused = at('confused-ffprobe');
    await writeFile(confused, '#!/bin/sh\ncase "$*" in *-version) echo "ffprobe version 1";; *) echo "{}";; esac\n', { mode: 0o755 });
    const media = new Media({ FFMPEG_PATH: process.env['FFMPEG_PATH'], FFPROBE_PATH: confused, MEDIA_TIMEOUT_SECONDS: 10 });
    await expect(media.probe(clip.file)).rejects.toMatchObject({ code: 'video.unreadable' });
  });

  it('is left alone after the time it may take', async () => {
    const { Media } = await import('../../src/platform/media/index.js');
    const { FFMPEG_PATH, FFPROBE_PATH } = process.env;
    const hasty = new Media({ FFMPEG_PATH, FFPROBE_PATH, MEDIA_TIMEOUT_SECONDS: 0.001 });
    await expect(hasty.probe(clip.file)).rejects.toMatchObject({ code: 'video.took_too_long' });
  });
});
