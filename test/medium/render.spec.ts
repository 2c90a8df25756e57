// Stretches of videos become one file: every frame that was asked for, none besides, each at its own time, with its sound.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/platform/database/id.js';
import { findFfmpeg } from '../../src/platform/media/ffmpeg-binaries.js';
import { framesBetween, Media, type Picture, type ReelClip, secondsOf } from '../../src/platform/media/index.js';
import { clipFolder, constantRate, convert, makeClip, readNumber, X264 } from './clips.js';
import { collect, media, openClip, realClip } from './media.js';

const folder = clipFolder();
afterAll(folder.remove);

/** From 10 to 50 frames a second, with a hole of two seconds. */
const uneven = Array.from({ length: 150 }, (_, n) => n * 3003 + 700 * Math.round(2 * Math.sin(n)) + (n > 90 ? 180_000 : 0));

/** With the file that it is of. */
type ClipOfFile = ReelClip & { readonly file: string };

async function clipOf(file: string, startSeconds: number, endSeconds: number): Promise<ClipOfFile> {
  const { hasAudio } = await media.probe(file);
  const { video, index } = await openClip(file);
  return { file, withFile: (use) => use(file), video, index, hasAudio, ...framesBetween(index, startSeconds, endSeconds) };
}

async function render(name: string, clips: readonly ReelClip[], { by = media, ...size }: { width?: number; height?: number; by?: Media } = {}) {
  const progress: number[] = [];
  const output = join(folder.path, name);
  const rendered = await by.render({ clips, output, width: 320, height: 180, ...size, quality: 'cut', beforePiece: () => Promise.resolve(), onProgress: (seconds) => progress.push(seconds) });
  return { output, rendered, progress };
}

/** Time and number of every picture of a file; those that are higher than wide stand between black edges. */
async function shown(file: string, upright = Infinity): Promise<{ seconds: number[]; numbers: number[] }> {
  const { video, index } = await openClip(file);
  const pictures = await collect(media.decodeFrames(file, video, { pts: [...index.pts] }));
  return { seconds: pictures.map(({ pts }) => secondsOf(index, pts)), numbers: pictures.map((picture, n) => readNumber(n < upright ? picture : withoutEdges(picture))) };
}

function withoutEdges({ pts, width, height, rgb }: Picture): Picture {
  const inner = 2 * Math.round((height * height) / width / 2);
  const from = Math.round((width - inner) / 2);
  const rows = Array.from({ length: height }, (_, y) => rgb.subarray((y * width + from) * 3, (y * width + from + inner) * 3));
  return { pts, width: inner, height, rgb: Buffer.concat(rows) };
}

const numbersOf = ({ firstFrame, endFrame }: ReelClip): number[] => Array.from({ length: endFrame - firstFrame }, (_, n) => firstFrame + n);

describe('a reel', () => {
  it('shows every frame of its clips once, of files of any rate, size and codec, as long as it was shown there', async () => {
    const steady = await makeClip(folder.path, { name: 'steady.mp4', ...constantRate(30_000, 1001, 200) });
    const stream = await makeClip(folder.path, { name: 'uneven.ts', ticks: uneven, timescale: 90_000, width: 640, height: 360 });
    const turned = await makeClip(folder.path, { name: 'turned.mp4', ...constantRate(25, 1, 100), rotation: 90, width: 180, height: 320 });
    const clips = [await clipOf(steady.file, 1.7, 3.1), await clipOf(stream.file, 2.2, 5.5), await clipOf(steady.file, 0, 0.5), await clipOf(turned.file, 3, 99)];
    const { output, rendered, progress } = await render('all.mp4', clips);
    const { seconds, numbers } = await shown(output, clips.slice(0, 3).flatMap(numbersOf).length);
    expect(numbers).toEqual(clips.flatMap(numbersOf));
    expect(rendered.frames).toBe(numbers.length);
    const lengths = clips.flatMap(({ index, firstFrame, endFrame }) =>
      Array.from(index.pts.subarray(firstFrame, endFrame), (pts, n) => secondsOf(index, index.pts[firstFrame + n + 1] ?? index.endPts) - secondsOf(index, pts)),
    );
    expect(seconds.slice(1).map((at, n) => at - seconds[n]!)).toEqual(lengths.slice(0, -1).map((length) => expect.closeTo(length, 6) as number));
    expect(progress.at(-1)).toBeCloseTo(rendered.seconds, 6);
    const { container, video, hasAudio } = await media.probe(output);
    expect([container.includes('mp4'), video.codec, video.width, video.height, hasAudio]).toEqual([true, 'h264', 320, 180, false]);
    expect(existsSync(`${output}.joined`) || existsSync(`${output}.piece`)).toBe(false);
  });

  it('keeps the sound with the picture, across pieces and where a clip has none', async () => {
    const mute = await makeClip(folder.path, { name: 'mute.mp4', ...constantRate(25, 1, 1000), options: [...X264, '-g', '250'] });
    const beep = 'aevalsrc=exprs=0.5*sin(2000*t)*gt(t\\,34):d=40';
    const loud = await convert([mute.file, beep], join(folder.path, 'loud.mkv'), ['-map', '0:v', '-map', '1:a', '-c:a', 'aac']);
    const { output } = await render('sound.mp4', [await clipOf(mute.file, 3, 5), await clipOf(loud, 1, 36)]);
    const { index } = await openClip(output);
    const { readings } = await media.loudness(output, { index, startSeconds: 0, endSeconds: 37 });
    expect(readings.find(({ lufs }) => lufs > -40)?.seconds).toBeCloseTo(2 + 33 + 0.1, 5);
    expect((await shown(output)).numbers).toEqual([...Array.from({ length: 50 }, (_, n) => 75 + n), ...Array.from({ length: 875 }, (_, n) => 25 + n)]);
  });

  it('shows whole pictures of a video whose frames hold two fields, each at its time', async () => {
    const bar = "nullsrc=s=320x180:r=50:d=3,geq=lum='255*lt(mod(X+6*N\\,80)\\,40)':cb=128:cr=128,interlace=scan=tff:lowpass=0";
    const fields = await convert([bar], join(folder.path, 'fields.mp4'), ['-c:v', 'libx264', '-flags', '+ilme+ildct', '-x264opts', 'tff=1', '-pix_fmt', 'yuv420p', '-bf', '2', '-g', '25']);
    const clip = await clipOf(fields, 0.5, 2);
    const { output, rendered } = await render('whole.mp4', [clip]);
    const { index } = await openClip(output);
    expect([rendered.frames, index.pts.length]).toEqual([clip.endFrame - clip.firstFrame, clip.endFrame - clip.firstFrame]);
    expect(Array.from(index.pts, (pts) => secondsOf(index, pts))).toEqual(Array.from({ length: clip.endFrame - clip.firstFrame }, (_, n) => expect.closeTo(n / 25, 6) as number));
    const [combed, whole] = [await look(clip, clip.firstFrame + 10), await look(await clipOf(output, 0, 9), 10)];
    expect(combing(combed, clip.video.width)).toBeGreaterThan(10);
    expect(combing(whole, clip.video.width)).toBeLessThan(combing(combed, clip.video.width) / 5);
  });

  it.each(['smpte2084', 'arib-std-b67'])('brings the colours of %s down to those of every screen', async (transfer) => {
    const [red = 0, green = 0, blue = 0] = await usual(await highRange({ colour: 'red', transfer }));
    expect(red, 'red').toBeGreaterThan(180);
    expect(Math.max(green, blue), 'green and blue').toBeLessThan(40);
  });

  it('takes the colours of a high range for what the file says they are, and for those of BT.2020 where it says nothing', async () => {
    const colour = '0xC06060';
    const wide = await usual(await highRange({ colour }));
    const narrow = await usual(await highRange({ colour, primaries: 'bt709', matrix: 'bt709' }));
    const unnamed = await usual(await highRange({ colour, says: '' }));
    for (const channel of [0, 1, 2]) for (const other of [narrow, unnamed]) expect(Math.abs(wide[channel]! - other[channel]!), `channel ${channel}`).toBeLessThan(6);
  });

  it('leaves a high range as it is, and says so, where ffmpeg cannot map tones; asks again where it did not say', async () => {
    const program = join(folder.path, 'ffmpeg-without-filters');
    const { ffmpeg, ffprobe } = await findFfmpeg({ ffmpeg: process.env['FFMPEG_PATH'], ffprobe: process.env['FFPROBE_PATH'] });
    await writeFile(program, `#!/bin/sh\ncase "$*" in *-filters*) [ ! -e "$0.broken" ]; exit;; esac\nexec '${ffmpeg.path}' "$@"\n`, { mode: 0o755 });
    await writeFile(`${program}.broken`, '');
    const poor = new Media({ FFMPEG_PATH: program, FFPROBE_PATH: ffprobe.path, MEDIA_TIMEOUT_SECONDS: 120 });
    const high = await highRange({ colour: 'red' });
    const clip = await clipOf(high, 0, 1);
    await expect(render('left.mp4', [clip], { by: poor })).rejects.toMatchObject({ code: 'ffmpeg.not_runnable' });
    await rm(`${program}.broken`);
    const { output } = await render('left.mp4', [clip], { by: poor });
    const entries = ['-v', 'error', '-select_streams', 'v', '-show_entries', 'stream=color_space,color_transfer,color_primaries', '-of', 'json'];
    const tags = async (file: string): Promise<unknown> => (JSON.parse((await promisify(execFile)(ffprobe.path, [...entries, file])).stdout) as { streams: unknown }).streams;
    expect(await tags(output)).toEqual(await tags(high));
    expect(distance(await look(clip, 3), await look(await clipOf(output, 0, 1), 3))).toBeLessThan(6);
  });

  it.runIf(realClip(''))('begins and ends with the true pictures of real videos', async () => {
    const clips = [
      await clipOf(realClip('phone-vfr-rot180-2s.mp4')!, 0.4, 1.3),
      await clipOf(realClip('toy-pig-7s.webm')!, 2, 3),
      await clipOf(realClip('gesture-book-4s.mkv')!, 1.5, 2.5),
    ];
    for (const [at, clip] of clips.entries()) {
      const { width, height } = clip.video;
      const { output } = await render(`real-${at}.mp4`, [clip], { width: 2 * Math.floor(width / 2), height: 2 * Math.floor(height / 2) });
      const cut = await openClip(output);
      expect(cut.index.pts.length).toBe(clip.endFrame - clip.firstFrame);
      for (const [frame, of] of [[0, clip.firstFrame], [cut.index.pts.length - 1, clip.endFrame - 1]] as const) {
        const near = await Promise.all([of - 1, of, of + 1].map((n) => look(clip, n)));
        const [wanted] = await collect(media.decodeFrames(output, cut.video, { pts: [cut.index.pts[frame]!] }));
        const distances = near.map((picture) => distance(picture, wanted!.rgb));
        expect(distances[1]).toBe(Math.min(...distances));
        expect(distances[1]).toBeLessThan(4); // of 255: lossy, and nothing else
      }
    }
  });
});

/** One colour, for a second, as a screen of the high range shows it. */
async function highRange({ colour, transfer = 'smpte2084', primaries = 'bt2020', matrix = 'bt2020nc', says = `:colorprim=${primaries}:colormatrix=${matrix}` }: { colour: string; transfer?: string; primaries?: string; matrix?: string; says?: string }): Promise<string> {
  const [p, m] = [primaries.replace('bt', ''), matrix.replace('bt', '').replace('nc', '_ncl')];
  return convert([`color=${colour}:s=320x180:d=1,format=yuv420p`], join(folder.path, `high-${newId()}.mp4`), [
    ...['-vf', `zscale=tin=709:min=470bg:pin=709:rin=tv:t=${transfer}:p=${p}:m=${m}:r=tv:npl=203,format=yuv420p10le`],
    ...['-c:v', 'libx265', '-x265-params', `log-level=none:transfer=${transfer}${says}`],
  ]);
}

/** A picture of what is rendered of a file. */
async function usual(file: string): Promise<Uint8Array> {
  const { output } = await render(`usual-${newId()}.mp4`, [await clipOf(file, 0, 1)]);
  return look(await clipOf(output, 0, 1), 3);
}

async function look({ file, video, index }: ClipOfFile, frame: number): Promise<Uint8Array> {
  const [picture] = await collect(media.decodeFrames(file, video, { pts: [index.pts[Math.max(0, Math.min(index.pts.length - 1, frame))]!], keyframePts: index.keyframePts }));
  return picture!.rgb;
}

/** Mean difference of two pictures of one size. */
const distance = (a: Uint8Array, b: Uint8Array): number => a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? 0)), 0) / a.length;

/** How much each row differs from the one below it more than from the one after that. */
function combing(rgb: Uint8Array, width: number): number {
  const row = width * 3;
  const apart = (rows: number): number => distance(rgb.subarray(0, rgb.length - 2 * row), rgb.subarray(rows * row));
  return apart(1) - apart(2);
}
