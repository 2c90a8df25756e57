// Every sampled picture carries its own time: clips whose pictures show their number are read through the real decoder.
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { framesReport } from '../../src/cli/frames-report.js';
import { type PictureSource, windowPictures } from '../../src/inference/window-pictures.js';
import { type GridRequest, layGrid } from '../../src/model/grounding/frame-grid.js';
import { type FramePlan } from '../../src/model/grounding/frame-plan.js';
import { type Clip, clipFolder, type ClipSpec, constantRate, convert, makeClip, readNumber, X264 } from './clips.js';
import { lossOf } from '../../src/platform/media/index.js';
import { collect, media, openClip, realClip } from './media.js';

const folder = clipFolder();
afterAll(folder.remove);

const seenWhole = [...X264, '-use_editlist', '0']; // with one, the old muxer hides the last frames of a variable rate
const lateBy = (seconds: string): string[] => [...X264, '-output_ts_offset', seconds];
const vp8 = ['-c:v', 'libvpx', '-b:v', '1M', '-auto-alt-ref', '1', '-lag-in-frames', '16', '-g', '60'];
const mpeg4 = ['-c:v', 'mpeg4', '-b:v', '2M', '-bf', '2', '-g', '30'];
const openGroups = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'keyint=40:bframes=4:open-gop=1:log-level=none'];

/** Constant, then jittering, then 12 a second, then a pause of two seconds. */
const variable = Array.from({ length: 130 }, (_, n) =>
  Math.round(n * 3000 + (n > 40 && n <= 70 ? 900 * Math.sin(n) : 0) + Math.max(0, n - 70) * 4500 + (n > 110 ? 180_000 : 0)),
);

const sparse = [0, 1000, 2000, 5000, 5200, 9000, 9040, 9080, 15_000, 20_000];

interface Case extends ClipSpec {
  readonly what: string;
  /** Ticks a second of a container that rounds. */
  readonly rounds?: number;
}

const cases: readonly Case[] = [
  { what: 'a constant rate with reordered frames', name: 'constant.mp4', ...constantRate(30, 1, 130) },
  { what: '23.976 frames a second', name: 'film.mp4', ...constantRate(24_000, 1001, 120) },
  { what: '59.94 frames a second', name: 'fast.mp4', ...constantRate(60_000, 1001, 220) },
  { what: 'a variable rate', name: 'variable.mp4', ticks: variable, timescale: 90_000, options: seenWhole },
  { what: 'a variable rate in whole milliseconds', name: 'variable.mkv', ticks: variable, timescale: 90_000, rounds: 1000 },
  { what: 'a start at ten seconds', name: 'late.mp4', ...constantRate(30, 1, 130), options: lateBy('10') },
  { what: 'a transport stream', name: 'stream.ts', ...constantRate(90_000, 3000, 240), options: [...X264, '-g', '30'] },
  { what: 'a transport stream whose clock turns over', name: 'turn.ts', ...constantRate(90_000, 3000, 200), options: lateBy('95438') },
  { what: 'a phone held upright', name: 'turned90.mp4', ...constantRate(30, 1, 100), width: 180, height: 320, rotation: 90 },
  { what: 'a phone held upside down', name: 'turned180.mp4', ...constantRate(30, 1, 100), rotation: 180 },
  { what: 'a phone held upright the other way', name: 'turned270.mp4', ...constantRate(30, 1, 100), width: 180, height: 320, rotation: 270 },
  { what: 'odd sizes', name: 'odd.webm', ...constantRate(30, 1, 130), width: 321, height: 241, options: vp8, rounds: 1000 },
  { what: 'a portrait picture', name: 'portrait.mp4', ...constantRate(25, 1, 100), width: 180, height: 320 },
  { what: 'few frames with long pauses', name: 'sparse.mp4', ticks: sparse, timescale: 1000, options: seenWhole },
  { what: 'open groups of pictures', name: 'open.mp4', ...constantRate(25, 1, 130), options: openGroups },
  { what: 'fragments', name: 'fragments.mp4', ...constantRate(30, 1, 130), options: [...X264, '-movflags', 'frag_keyframe+empty_moov'] },
  { what: 'packets without presentation times', name: 'old.avi', ...constantRate(25, 1, 120), options: mpeg4 },
];

/** What a viewer would choose, by the plainest means: the first frame of each half second, else the one still shown. */
function expectedNumbers(seconds: readonly number[], fps: number, firstCell: number, cells: number): number[] {
  return Array.from({ length: cells }, (_, i) => {
    const arrived = seconds.findIndex((at) => Math.floor(at * fps + 1e-4) === firstCell + i);
    return arrived >= 0 ? arrived : seconds.filter((at) => at * fps + 1e-4 < firstCell + i).length - 1;
  });
}

async function look(source: PictureSource, request: GridRequest): Promise<{ plan: FramePlan; numbers: number[] }> {
  const pictures = windowPictures(media, source, { grid: layGrid(source.index, request) });
  const numbers: number[] = [];
  for (;;) {
    const step = await pictures.next();
    if (step.done) return { plan: step.value, numbers };
    expect(step.value.picture.pts).toBe(step.value.frame.pts);
    numbers.push(readNumber(step.value.picture));
  }
}

interface Expectation {
  /** Number of the first presented picture. */
  readonly first?: number;
  readonly rounds?: number | undefined;
}

/** Checks every frame, then all of the clip at 2 fps, then windows of it. */
async function expectTrueTimes({ file, seconds }: Clip, { first = 0, rounds }: Expectation = {}): Promise<void> {
  const source = await openClip(file);
  const { video, index } = source;
  const { num, den } = index.timeBase;
  const secondsOf = (pts: number): number => ((pts - (index.pts[0] ?? 0)) * num) / den;
  const truth = seconds.slice(first).map((at) => at - (seconds[first] ?? 0));
  const shown = await collect(media.decodeFrames(file, video, { pts: [...index.pts], keyframePts: index.keyframePts }));
  expect(shown.map(readNumber)).toEqual(truth.map((_, n) => first + n));
  const errors = shown.map(({ pts }, n) => Math.abs(secondsOf(pts) - (truth[n] ?? NaN)));
  expect(Math.max(...errors)).toBeLessThan(rounds === undefined ? 1e-9 : 1.01 / rounds);

  const known = shown.map(({ pts }) => secondsOf(pts));
  const pass = await look(source, { startSeconds: 0, endSeconds: Infinity, fps: 2 });
  const cells = Math.ceil(pass.plan.endSeconds * 2 - 1e-4);
  expect(pass.numbers.slice(0, cells)).toEqual(expectedNumbers(known, 2, 0, cells).map((n) => first + n));
  const third = pass.plan.endSeconds / 3;
  for (const startSeconds of [third * 0.7, third * 1.6]) {
    const { plan, numbers } = await look(source, { startSeconds, endSeconds: startSeconds + third * 1.2, fps: 2, minFrames: 2 });
    const there = Math.ceil(plan.endSeconds * 2 - 1e-4) - plan.firstCell;
    expect(plan.frames.slice(0, there)).toEqual(pass.plan.frames.slice(plan.firstCell, plan.firstCell + there));
    expect(numbers.slice(0, there)).toEqual(pass.numbers.slice(plan.firstCell, plan.firstCell + there));
  }
}

describe('the time of a sampled picture is its own', () => {
  it.each(cases)('with $what', async ({ rounds, ...spec }) => {
    await expectTrueTimes(await makeClip(folder.path, spec), { rounds });
  });

  it('with an edit list that hides the beginning', async () => {
    const whole = await makeClip(folder.path, { name: 'whole.mp4', ...constantRate(30, 1, 150) });
    const file = await convert([whole.file], join(folder.path, 'edited.mp4'), [], ['-ss', '2.05']);
    await expectTrueTimes({ file, seconds: whole.seconds }, { first: 62 });
  });

  it('with a file that ends in the middle, whose container promises more', async () => {
    const options = [...X264, '-movflags', '+faststart'];
    const whole = await makeClip(folder.path, { name: 'long.mp4', ...constantRate(30, 1, 150), options });
    const bytes = await readFile(whole.file);
    const file = join(folder.path, 'cut.mp4');
    await writeFile(file, bytes.subarray(0, bytes.length * 0.6));
    const { index } = await openClip(file);
    expect(index.pts.length).toBeLessThan(120);
    expect(index.endPts).toBe((index.pts.at(-1) ?? 0) + 1 * (index.timeBase.den / 30));
    await expectTrueTimes({ file, seconds: whole.seconds.slice(0, index.pts.length) });
    const missing = 150 - index.pts.length;
    expect(lossOf((await media.probe(file)).listed, index)).toEqual([
      { code: 'video.truncated', message: expect.stringContaining(`its container lists 5 s and 150 frames, about ${missing} of which are missing.`) as string },
    ]);
    expect(lossOf((await media.probe(whole.file)).listed, (await openClip(whole.file)).index)).toEqual([]);
  });

  it('with frames lost in the middle: the next frame of the cell stands for it, or the one a viewer still sees', async () => {
    const whole = await makeClip(folder.path, { name: 'intra.mp4', ...constantRate(30, 1, 120), options: [...X264, '-g', '1'] });
    const lost = [30, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59];
    const file = await withoutPackets(whole.file, join(folder.path, 'lost.mp4'), lost);
    const source = await openClip(file);
    const { plan, numbers } = await look(source, { startSeconds: 0, endSeconds: 4, fps: 2 });
    expect(numbers).toEqual([0, 15, 31, 44, 60, 75, 90, 105]);
    expect(plan.frames.map((frame) => frame.held)).toEqual([false, false, false, true, false, false, false, false]);
    const scan = await media.scan(file, source.video, { index: source.index });
    await collect(scan.frames);
    expect(scan.summary()).toMatchObject({ framesDecoded: 120 - lost.length, framesLost: lost.length, decodedUntil: 4 });
  });

  it('with more frames than one command line holds', async () => {
    const clip = await makeClip(folder.path, { name: 'many.mp4', ...constantRate(60, 1, 700), width: 160, height: 96 });
    const { numbers, plan } = await look(await openClip(clip.file), { startSeconds: 0, endSeconds: Infinity, fps: 60 });
    expect(numbers).toEqual(clip.seconds.map((_, n) => n));
    expect(plan.frames.map((frame) => frame.seconds)).toEqual(clip.seconds);
  });
});

/** Makes the given packets of an all-intra clip undecodable. */
async function withoutPackets(from: string, to: string, numbers: readonly number[]): Promise<string> {
  const { ffprobe } = await media.binaries();
  const { stdout } = await promisify(execFile)(ffprobe.path, ['-v', 'error', '-show_entries', 'packet=pos', '-of', 'csv=p=0', from]);
  const positions = stdout.trim().split('\n').map(Number);
  const bytes = await readFile(from);
  for (const n of numbers) bytes.writeUInt32BE(0x7fffffff, positions[n]); // the length of its first unit
  await writeFile(to, bytes);
  return to;
}

describe('secondsight frames', () => {
  it('reports what will be looked at, with the grid and the ids of the model', async () => {
    const { file } = await makeClip(folder.path, {
      name: 'report.mp4',
      ...constantRate(25, 1, 250),
      filters: ['setsar=4/3'],
      options: lateBy('7'),
    });
    const report = await framesReport(media, file, { fps: 2, start: 2, end: 6 });
    expect(report).toMatchObject({
      ...{ width: 427, height: 180, resized_width: 504, resized_height: 224 },
      ...{ video_grid_thw: [4, 16, 36], second_per_grid_ts: 1, effective_fps: 2, temporal_ids: [0, 2, 4, 6] },
      ...{ model_start: 2, start_time: 7, duration: 10 },
    });
    const { num, den } = (await openClip(file)).index.timeBase;
    expect(report.frames.map(({ seconds }) => seconds)).toEqual([2, 2.52, 3, 3.52, 4, 4.52, 5, 5.52]);
    for (const { pts, seconds } of report.frames) expect((pts * num) / den - 7).toBeCloseTo(seconds, 9);
    expect(report.frames[0]).toMatchObject({ held: false, time_base: `${num}/${den}` });
  });
});

describe('an aborted decode', () => {
  it('ends with the reason of the signal', async () => {
    const { file } = await makeClip(folder.path, { name: 'aborted.mp4', ...constantRate(30, 1, 130) });
    const { video, index } = await openClip(file);
    const abort = new AbortController();
    const read = async (): Promise<void> => {
      for await (const _ of media.decodeFrames(file, video, { pts: [...index.pts] }, abort.signal)) abort.abort(new Error('stop'));
    };
    await expect(read()).rejects.toThrow('stop');
  });
});

const nasa = realClip('nasa-13013-17s.mp4');

describe.skipIf(nasa === undefined)('a real clip with the times another decoder recorded', () => {
  it.each([0, 3])('has the same ones in stream %i', async (streamIndex) => {
    const file = nasa ?? '';
    const record = await readFile(file.replace('.mp4', `.stream${streamIndex}.frames.json`), 'utf8');
    const recorded = JSON.parse(record) as { pts_time: string }[];
    const timeBase = { num: 1, den: streamIndex === 0 ? 12_800 : 30_000 };
    const { video } = await media.probe(file);
    expect(video.streamIndex).toBe(3); // both are marked as default, and this one is larger
    const { pts } = await media.indexFrames(file, { ...video, streamIndex, timeBase });
    expect([...pts].map((at) => (at / timeBase.den).toFixed(6))).toEqual(recorded.map((frame) => Number(frame.pts_time).toFixed(6)));
  });
});
