// Shots, fades, black and frozen stretches, found in encoded clips whose events are known to the frame.
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type ChunkFindings } from '../../src/model/signals/chunk-findings.js';
import { joinFindings } from '../../src/model/signals/join-findings.js';
import { type Signal } from '../../src/model/signals/signal.js';
import { secondsOf } from '../../src/platform/media/index.js';
import { ChunkScan } from '../../workers/chunk-scan.js';
import { clipFolder, encode } from './clips.js';
import { media, openClip, realClip } from './media.js';

const SIZE = { width: 320, height: 180 };
const RATE = 25;
const folder = clipFolder();
afterAll(folder.remove);

type Picture = (frame: number) => Buffer;

/** Blobs of light that drift and swell a little; each seed is another scene. */
function scene(seed: number, speed = 0.6): Picture {
  const waves = Array.from({ length: 6 }, (_, i) => {
    const at = (k: number): number => Math.abs(Math.sin(seed * 127.1 + i * 311.7 + k * 74.7) * 43_758.5453) % 1;
    return { x: (at(1) - 0.5) * 0.16, y: (at(2) - 0.5) * 0.16, phase: at(3) * 7, rate: (at(4) - 0.5) * 0.1 * speed };
  });
  return (frame) =>
    paint((x, y) => {
      let light = 0;
      for (const wave of waves) light += Math.sin(wave.x * (x + speed * frame) + wave.y * y + wave.phase + wave.rate * frame);
      return 128 + 90 * Math.tanh(light);
    });
}

function paint(light: (x: number, y: number) => number): Buffer {
  const gray = Buffer.alloc(SIZE.width * SIZE.height);
  for (let y = 0; y < SIZE.height; y++) {
    for (let x = 0; x < SIZE.width; x++) gray[y * SIZE.width + x] = light(x, y);
  }
  return gray;
}

const mixed = (a: Buffer, b: Buffer, share: number): Buffer =>
  Buffer.from(a.map((value, i) => Math.round(value * (1 - share) + b[i]! * share)));
const black = paint(() => 0);
const white = paint(() => 235);

/** Pictures of one stretch after the other: `[frames, picture of the n-th frame of the stretch]`. */
const timeline = (...stretches: readonly (readonly [number, Picture])[]): (() => Buffer)[] =>
  stretches.flatMap(([frames, picture]) => Array.from({ length: frames }, (_, n) => () => picture(n)));

const scan = new ChunkScan(media);

/** The findings of the clip's chunks, cut at the given seconds. */
async function findingsOf(file: string, edges: readonly number[] = []): Promise<ChunkFindings[]> {
  const { hasAudio, video: stream } = await media.probe(file);
  const index = await media.indexFrames(file, stream);
  const bounds = [0, ...edges, secondsOf(index, index.endPts)];
  const chunks: ChunkFindings[] = [];
  for (const [i, endSeconds] of bounds.slice(1).entries()) {
    const { findings } = await scan.measure(file, { stream, index, hasAudio }, { startSeconds: bounds[i]!, endSeconds }, { tileSeconds: 2 });
    chunks.push(findings);
  }
  return chunks;
}

async function signalsOf(file: string, edges?: readonly number[]): Promise<Signal[]> {
  return joinFindings(await findingsOf(file, edges));
}

async function signalsIn(name: string, pictures: readonly (() => Buffer)[]): Promise<Signal[]> {
  return signalsOf(await encode(join(folder.path, name), SIZE, pictures));
}

const ofType = (signals: readonly Signal[], ...types: Signal['type'][]): Signal[] => signals.filter(({ type }) => types.includes(type));
/** First frames of the shots after the first one. */
const cuts = (signals: readonly Signal[]): number[] =>
  ofType(signals, 'shot')
    .slice(1)
    .map(({ startSeconds }) => startSeconds * RATE);

function expectFrames(found: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(found).toHaveLength(expected.length);
  for (const [i, frame] of expected.entries()) expect(Math.abs((found[i] ?? NaN) - frame)).toBeLessThanOrEqual(tolerance);
}

function expectSpan(signal: Signal | undefined, from: number, to: number, tolerance: number): void {
  expectFrames([(signal?.startSeconds ?? NaN) * RATE, (signal?.endSeconds ?? NaN) * RATE], [from, to], tolerance);
}

describe('hard cuts', () => {
  it('are found to the frame, in light, in the dark and between short shots; a flash is none', async () => {
    const dark = (picture: Picture): Picture => (n) => mixed(picture(n), black, 0.8);
    const flash: Picture = (n) => (n === 20 ? white : scene(2)(n));
    const signals = await signalsIn(
      'cuts.mp4',
      timeline([40, scene(1)], [41, flash], [8, scene(3)], [9, scene(4)], [37, dark(scene(5))], [40, dark(scene(6))]),
    );
    expectFrames(cuts(signals), [40, 81, 89, 98, 135], 1e-6);
    expect(ofType(signals, 'dissolve', 'fade', 'black', 'freeze')).toEqual([]);
  });

  it('are not seen in motion, however wild', async () => {
    const signals = await signalsIn('motion.mp4', timeline([75, scene(7, 6)], [60, (n) => scene(7, 6)(75 + n)]));
    expect(cuts(signals)).toEqual([]);
  });

  it('leave shots that cover the video without gap or overlap', async () => {
    const shots = ofType(await signalsIn('cover.mp4', timeline([30, scene(1)], [30, scene(2)], [30, scene(3)])), 'shot');
    expect(shots.map(({ startSeconds, endSeconds }) => [startSeconds, endSeconds])).toEqual([
      [0, 1.2],
      [1.2, 2.4],
      [2.4, 3.6],
    ]);
  });
});

describe('gradual changes', () => {
  it('a dissolve is found, and the shot begins in the middle of it', async () => {
    const dissolve: Picture = (n) => mixed(scene(1)(40 + n), scene(2)(n), (n + 1) / 26);
    const signals = await signalsIn('dissolve.mp4', timeline([40, scene(1)], [25, dissolve], [50, (n) => scene(2)(25 + n)]));
    expectSpan(ofType(signals, 'dissolve')[0], 40, 65, 8);
    expectFrames(cuts(signals), [52.5], 3);
  });

  it('a fade to black and back is one change, with the black between', async () => {
    const out: Picture = (n) => mixed(scene(1)(40 + n), black, (n + 1) / 25);
    const back: Picture = (n) => mixed(scene(2)(n), black, 1 - n / 25);
    const pictures = timeline([40, scene(1)], [25, out], [20, () => black], [25, back], [40, (n) => scene(2)(25 + n)]);
    const signals = await signalsIn('fade.mp4', pictures);
    expect(ofType(signals, 'fade').map(({ text }) => text)).toEqual(['The picture fades out.', 'The picture fades in.']);
    expectSpan(ofType(signals, 'black')[0], 64, 86, 4);
    expectFrames(cuts(signals), [75], 3);
  });

  it('more light in the same scene is no change', async () => {
    const lit: Picture = (n) => Buffer.from(scene(3)(n).map((value) => value * (0.4 + 0.6 * Math.min(1, Math.max(0, (n - 30) / 20)))));
    const signals = await signalsIn('light.mp4', timeline([90, lit]));
    expect(signals.map(({ type }) => type).filter((type) => type !== 'camera')).toEqual(['shot']);
  });
});

describe('still stretches', () => {
  it('black and frozen ones are found from their first frame to the first after them', async () => {
    const still = scene(4)(40);
    const goesOn: Picture = (n) => scene(4)(41 + n);
    const pictures = timeline([40, scene(4)], [75, () => still], [40, goesOn], [20, () => black], [30, scene(5)]);
    const signals = await signalsIn('still.mp4', pictures);
    const freeze = ofType(signals, 'freeze');
    expect(freeze).toHaveLength(1);
    expectSpan(freeze[0], 40, 115, 1.5); // the picture before is much the same
    expect(ofType(signals, 'black')).toHaveLength(1);
    expectSpan(ofType(signals, 'black')[0], 155, 175, 1e-6);
    expectFrames(cuts(signals), [155, 175], 1e-6);
  });
});

/** First frames of the hard cuts that one sees, by looking at every frame. */
const seen: readonly (readonly [string, readonly number[]])[] = [
  ['bikes-shots-10s.mp4', [30, 76, 137, 187, 242]],
  ['start-at-10s.mp4', [6]],
  ['nasa-13013-17s.mp4', [240]],
  ['car-park-30s.mp4', []],
  ['bottles-40s.mp4', []],
  ['flower-5s.mp4', []],
  ['toy-pig-7s.webm', []],
  ['timecode-25fps-16s.mp4', []],
  ['gesture-book-4s.mkv', []],
  ['phone-vfr-rot180-2s.mp4', []],
  ['damaged-5s.mp4', []],
];

/** Without what may differ in the last digit. */
const plain = (signals: readonly Signal[]): unknown[] => signals.map(({ type, startSeconds, endSeconds, text }) => ({ type, startSeconds, endSeconds, text }));

describe('chunks that are joined', () => {
  const out: Picture = (n) => mixed(scene(1)(40 + n), black, (n + 1) / 25);
  const back: Picture = (n) => mixed(scene(2)(n), black, 1 - n / 25);
  const still = scene(4)(40);
  const dissolve: Picture = (n) => mixed(scene(1)(40 + n), scene(2)(n), (n + 1) / 26);
  const after =
    (frames: number, picture: Picture): Picture =>
    (n) =>
      picture(frames + n);
  const pictures = [
    ...timeline([40, scene(1)], [25, out], [20, () => black], [25, back], [40, after(25, scene(2))]), // black from 2.6 to 3.4 s
    ...timeline([25, scene(3)], [75, () => still], [40, after(41, scene(4))]), // cuts at 6 and 7 s, frozen from 7 to 10 s
    ...timeline([35, scene(1)], [25, dissolve], [50, after(25, scene(2))]),
  ];

  it('give what the whole gives, wherever they are cut', async () => {
    const file = await encode(join(folder.path, 'chunks.mp4'), SIZE, pictures);
    const whole = await signalsOf(file);
    expect(new Set(whole.map(({ type }) => type))).toEqual(new Set(['shot', 'fade', 'black', 'freeze', 'dissolve', 'camera']));
    for (let edge = 1; edge < 16; edge++) expect(await signalsOf(file, [edge]), `cut at ${edge} s`).toEqual(whole);
    expect(await signalsOf(file, Array.from({ length: 15 }, (_, i) => i + 1))).toEqual(whole);
  });
});

describe.skipIf(realClip('') === undefined)('real clips', () => {
  it.each(['bikes-shots-10s.mp4', 'nasa-13013-17s.mp4', 'flower-5s.mp4', 'toy-pig-7s.webm', 'phone-vfr-rot180-2s.mp4', 'start-at-10s.mp4'])(
    'the chunks of %s give what the whole gives',
    async (name) => {
      const file = realClip(name) ?? '';
      const { index } = await openClip(file);
      const seconds = Math.ceil(secondsOf(index, index.endPts)) - 1;
      const edges = Array.from({ length: seconds }, (_, i) => i + 1);
      expect(plain(await signalsOf(file, edges))).toEqual(plain(await signalsOf(file)));
    },
  );

  it.each(seen)('%s has hard cuts at frames %j and no others', async (name, frames) => {
    const file = realClip(name) ?? '';
    const { index } = await openClip(file);
    const { num, den } = index.timeBase;
    const hard = ofType(await signalsOf(file), 'shot').filter(({ method }) => method === 'cut');
    const seconds = frames.map((frame) => (((index.pts[frame] ?? NaN) - (index.pts[0] ?? 0)) * num) / den);
    expect(hard.map(({ startSeconds }) => startSeconds)).toEqual(seconds);
  });
});
