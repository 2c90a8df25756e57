// A chunk's scan: true times though frames are left out, what decodes, camera, fingerprints, loudness and the sprite sheet.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { type ChunkFindings } from '../../src/model/signals/chunk-findings.js';
import { joinFindings } from '../../src/model/signals/join-findings.js';
import { type ScanFrame, secondsOf } from '../../src/platform/media/index.js';
import { ChunkScan, type ChunkResult } from '../../workers/chunk-scan.js';
import { clipFolder, type ClipSpec, constantRate, convert, encode, makeClip, readNumber, X264 } from './clips.js';
import { collect, media, openClip, realClip } from './media.js';

/** Number of bits in which two fingerprints differ, 0 to 64: a few for the same picture, about 32 for two that have nothing in common. */
function fingerprintDistance(a: string, b: string): number {
  let bits = 0;
  for (let i = 0; i < 16; i += 8) {
    let difference = (parseInt(a.slice(i, i + 8), 16) ^ parseInt(b.slice(i, i + 8), 16)) >>> 0;
    for (; difference !== 0; difference >>>= 1) bits += difference & 1;
  }
  return bits;
}

const folder = clipFolder();
const at = (name: string): string => join(folder.path, name);
afterAll(folder.remove);

const scan = new ChunkScan(media);

async function measure(file: string, part?: { startSeconds: number; endSeconds: number }, tileSeconds = 1): Promise<ChunkResult> {
  const { hasAudio, video: stream } = await media.probe(file);
  const index = await media.indexFrames(file, stream);
  const whole = { startSeconds: 0, endSeconds: secondsOf(index, index.endPts) };
  return scan.measure(file, { stream, index, hasAudio }, part ?? whole, { tileSeconds });
}
const findings = async (file: string, part?: { startSeconds: number; endSeconds: number }): Promise<ChunkFindings> =>
  (await measure(file, part)).findings;

const seenWhole = [...X264, '-use_editlist', '0'];
const variable = Array.from({ length: 130 }, (_, n) => n * 3000 + (n > 40 && n <= 70 ? 900 * Math.round(Math.sin(n)) : 0) + Math.max(0, n - 70) * 4500);
const openGroups = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'keyint=40:bframes=4:open-gop=1:log-level=none'];

const clips: readonly (ClipSpec & { readonly what: string })[] = [
  { what: 'a constant rate', name: 'constant.mp4', ...constantRate(30, 1, 250) },
  { what: 'a variable rate', name: 'variable.mp4', ticks: variable, timescale: 90_000, options: seenWhole },
  { what: 'a start at ten seconds', name: 'late.mp4', ...constantRate(30, 1, 130), options: [...X264, '-output_ts_offset', '10'] },
  { what: 'a phone held upright', name: 'turned.mp4', ...constantRate(30, 1, 100), width: 180, height: 320, rotation: 90 },
  { what: 'open groups of pictures', name: 'open.mp4', ...constantRate(25, 1, 130), options: openGroups },
  { what: 'a transport stream', name: 'stream.ts', ...constantRate(90_000, 3000, 200), options: [...X264, '-g', '30'] },
  { what: 'packets without presentation times', name: 'old.avi', ...constantRate(25, 1, 120), options: ['-c:v', 'mpeg4', '-bf', '2', '-g', '30'] },
];

describe('frames that no other needs', () => {
  it.each(clips)('are left out, and the others are the same at the same times: $what', async ({ what: _, ...spec }) => {
    const { file, seconds } = await makeClip(folder.path, spec);
    const { video, index } = await openClip(file);
    const size = { width: 160, height: spec.rotation === 90 ? 284 : 90 };
    const tiles: ScanFrame[] = [];
    const request = { index, startSeconds: 1, endSeconds: 4, skipFrames: true, tiles: { ...size, seconds: 0.5, onTile: (tile: ScanFrame) => tiles.push(tile) } };
    const seen = await collect((await media.scan(file, video, request)).frames);
    const full = new Map((await media.smallFrames(file, video, { pts: [...index.pts], keyframePts: index.keyframePts })).map(({ pts, data }) => [pts, data]));
    for (const frame of seen) expect(Buffer.compare(frame.rgb, full.get(frame.pts)!), `${frame.seconds}`).toBe(0);
    const numbers = tiles.map(({ pts, rgb }) => readNumber({ pts, rgb, ...size }));
    for (const [i, n] of numbers.entries()) expect(tiles[i]!.seconds).toBeCloseTo(seconds[n] ?? NaN, 6);
    const cells = new Map<number, number>(); // first of the frames seen in each cell
    for (const frame of seen) {
      const cell = Math.floor(frame.seconds * 2 + 1e-6);
      if (!cells.has(cell)) cells.set(cell, frame.seconds);
    }
    expect(tiles.map((tile) => tile.seconds)).toEqual([...cells.values()]);
  });

  it('are many of those of x264', async () => {
    const { file } = await makeClip(folder.path, { name: 'half.mp4', ...constantRate(30, 1, 150) });
    const { video, index } = await openClip(file);
    const seen = await collect((await media.scan(file, video, { index, skipFrames: true })).frames);
    expect(seen.length).toBeLessThan(125);
  });
});

describe('what decodes', () => {
  it('is all of a whole file, to the end of its last frame, in every chunk', async () => {
    const { file } = await makeClip(folder.path, { name: 'whole.mp4', ...constantRate(30, 1, 251) });
    expect(await findings(file)).toMatchObject({ framesDecoded: 251, framesLost: 0, decodeErrors: 0, decodedUntil: 251 / 30 });
    expect(await findings(file, { startSeconds: 2, endSeconds: 5 })).toMatchObject({ framesDecoded: 90, framesLost: 0, decodedUntil: 5 });
    expect(await findings(file, { startSeconds: 5, endSeconds: 251 / 30 })).toMatchObject({ framesDecoded: 101, decodedUntil: 251 / 30 });
  });

  it('is everything up to the cut of a file that ends in the middle', async () => {
    const options = [...X264, '-movflags', '+faststart'];
    const whole = await makeClip(folder.path, { name: 'long.mp4', ...constantRate(30, 1, 300), options });
    const { video: stream, hasAudio } = await media.probe(whole.file);
    const index = await media.indexFrames(whole.file, stream); // as it would be known had the file been whole when it was indexed
    const bytes = await readFile(whole.file);
    await writeFile(at('cut.mp4'), bytes.subarray(0, bytes.length * 0.6));
    const cut = await media.decodedTimes(at('cut.mp4'), stream, {});
    const end = secondsOf(index, cut.at(-1)!) + 1 / 30;
    const file = { stream, index, hasAudio };
    const parts = [0, 4, 8].map((startSeconds) => ({ startSeconds, endSeconds: Math.min(10, startSeconds + 4) }));
    const chunks: ChunkFindings[] = [];
    for (const part of parts) chunks.push((await scan.measure(at('cut.mp4'), file, part, { tileSeconds: 1 })).findings);
    expect(chunks[0]).toMatchObject({ framesLost: 0, decodedUntil: 4 });
    expect(chunks[1]!.decodedUntil).toBeCloseTo(end, 6);
    expect(chunks[1]!.motion.slice(Math.ceil(end) - 4)).toEqual(parts[1]!.endSeconds > Math.ceil(end) ? Array(8 - Math.ceil(end)).fill(null) : []);
    expect(chunks[2]).toMatchObject({ framesDecoded: 0, decodedUntil: 8, framesLost: 60 });
    expect(chunks.reduce((sum, chunk) => sum + chunk.framesDecoded, 0)).toBe(cut.length);
  });

  it('is told of a damaged clip', async () => {
    const clip = await makeClip(folder.path, { name: 'intra.mp4', ...constantRate(30, 1, 120), options: [...X264, '-g', '1'] });
    const bytes = await readFile(clip.file);
    const start = bytes.indexOf('mdat') + 4;
    for (let i = start + (bytes.length - start) * 0.4; i < start + (bytes.length - start) * 0.5; i++) bytes[Math.floor(i)] = 0xff;
    await writeFile(at('damaged.mp4'), bytes);
    const { framesLost, decodeErrors, decodedUntil } = await findings(at('damaged.mp4'));
    expect(decodeErrors).toBeGreaterThan(0);
    expect(framesLost).toBeGreaterThan(5);
    expect(decodedUntil).toBe(4);
  });

  it('is a picture that is held for minutes, in chunks where no frame begins too', async () => {
    const ticks = [0, 1000, 2000, 95_000, 96_000];
    const { file } = await makeClip(folder.path, { name: 'held.mp4', ticks, timescale: 1000, options: seenWhole });
    const held = await measure(file, { startSeconds: 30, endSeconds: 60 });
    expect(held.sprite).toBeUndefined();
    expect(held.findings).toMatchObject({ framesDecoded: 0, framesLost: 0, decodedUntil: 60, motion: Array(30).fill(0) });
    expect(new Set(held.findings.fingerprints).size).toBe(1);
    expect(held.findings.fingerprints[0]).toMatch(/^[0-9a-f]{16}$/);
  });
});

const SIZE = { width: 640, height: 360 };
/** A landscape of blobs seen through a window at (x, y). */
function view(x: number, y: number, thing = -100): Buffer {
  const gray = Buffer.alloc(SIZE.width * SIZE.height);
  for (let row = 0; row < SIZE.height; row++) {
    for (let column = 0; column < SIZE.width; column++) {
      const [u, v] = [column + x, row + y];
      const light = Math.sin(u * 0.03 + Math.sin(v * 0.017) * 2) + Math.sin(v * 0.04 + 1 + Math.sin(u * 0.011)) + Math.sin((u + v) * 0.023);
      const isThing = Math.abs(column - thing) < 60 && Math.abs(row - 180) < 60;
      gray[row * SIZE.width + column] = isThing ? 235 : 128 + 40 * light;
    }
  }
  return gray;
}
const filmed = async (name: string, at: (n: number) => Buffer, frames = 100): Promise<string> =>
  encode(join(folder.path, name), SIZE, Array.from({ length: frames }, (_, n) => () => at(n)));

describe('the camera', () => {
  it.each([
    ['pans', 'pan', (n: number) => view(3 * n, 0)],
    ['pans slowly and up', 'pan', (n: number) => view(0.4 * n, -0.4 * n)],
    ['shakes', 'shake', (n: number) => view(14 * Math.sin(n * 1.3), 11 * Math.cos(n * 1.9))],
    ['stands', 'still', () => view(0, 0)],
    ['stands while a thing goes by', 'still', (n: number) => view(0, 0, 6 * n)],
  ] as const)('%s', async (name, motion, picture) => {
    const { camera, cameraSpeed } = await findings(await filmed(`${name}.mp4`, picture));
    expect(camera.slice(0, 4)).toEqual([motion, motion, motion, motion]);
    if (motion === 'still') expect(Math.max(...cameraSpeed.map(Number))).toBeLessThan(0.016);
  });

  it('makes segments of its motions, with their speed', async () => {
    const file = await filmed('motions.mp4', (n) => (n < 50 ? view(0, 0) : view(4 * (n - 50), 0)), 125);
    const segments = joinFindings([await findings(file)]).filter(({ type }) => type === 'camera');
    expect(segments).toMatchObject([{ text: 'The camera pans.', startSeconds: 2, endSeconds: 5 }]);
    expect(segments[0]!.measured['widthsPerSecond']).toBeCloseTo((4 * 25) / 640, 1);
  });
});

describe('fingerprints', () => {
  it('stay through re-encoding and scaling, and tell scenes apart', async () => {
    const file = await filmed('prints.mp4', (n) => view(1000 * Math.floor(n / 25), 300 * Math.floor(n / 50)));
    const other = await convert([file], at('prints-small.mp4'), ['-c:v', 'mpeg4', '-q:v', '12', '-vf', 'scale=240:180']);
    const [a, b] = [(await findings(file)).fingerprints.map(String), (await findings(other)).fingerprints.map(String)];
    for (const [i, print] of a.entries()) {
      expect(fingerprintDistance(print, b[i]!)).toBeLessThanOrEqual(6);
      for (const [j, another] of b.entries()) if (i !== j) expect(fingerprintDistance(print, another)).toBeGreaterThanOrEqual(14);
    }
  });
});

describe('loudness', () => {
  /** A tone of 1 kHz at -20 dBFS, silent from 3 to 5.5 s: -23 LUFS and less in one channel. */
  const tone = (from = 0): string => `aevalsrc=exprs=0.1*sin(2*PI*1000*t)*(lt(t\\,${from + 3})+gt(t\\,${from + 5.5})):s=48000:d=${from + 9}`;
  const withSound = async (name: string, sound: string, ...options: string[]): Promise<string> => {
    const { file } = await makeClip(folder.path, { name: `mute-${name}`, ...constantRate(25, 1, 225) });
    return convert([file, sound], at(name), ['-map', '0:v', '-map', '1:a', '-c:a', 'aac', '-b:a', '128k', ...options]);
  };

  it('is measured each second, with silence to a tenth of it, and chunk edges do not matter', async () => {
    const file = await withSound('tone.mp4', tone());
    const whole = await findings(file);
    for (const second of [0, 1, 2, 6, 7, 8]) expect(whole.loudness[second]).toBeCloseTo(-23, 0);
    expect(whole.loudness[4]).toBeLessThan(-60);
    const silence = joinFindings([whole]).filter(({ type }) => type === 'silence');
    expect(silence).toMatchObject([{ text: 'There is no sound.' }]);
    expect(Math.abs(silence[0]!.startSeconds - 3)).toBeLessThan(0.15);
    expect(Math.abs(silence[0]!.endSeconds - 5.5)).toBeLessThan(0.15);
    for (const edge of [1, 3, 4, 5, 8]) {
      const chunks = [await findings(file, { startSeconds: 0, endSeconds: edge }), await findings(file, { startSeconds: edge, endSeconds: 9 })];
      expect(joinFindings(chunks).filter(({ type }) => type === 'silence')).toEqual(silence);
      for (const [i, lufs] of chunks.flatMap(({ loudness }) => loudness).entries()) expect(Math.abs(lufs! - whole.loudness[i]!)).toBeLessThan(0.15);
    }
  });

  it('counts from the first frame of the video, wherever that stands', async () => {
    const late = await withSound('late-sound.mkv', tone(), '-output_ts_offset', '7.25');
    const [silence] = joinFindings([await findings(late)]).filter(({ type }) => type === 'silence');
    expect(Math.abs(silence!.startSeconds - 3)).toBeLessThan(0.15);
  });

  it('is silence before a sound that begins late, wherever the chunk begins', async () => {
    const pictures = (await makeClip(folder.path, { name: 'long.mp4', ...constantRate(5, 1, 400) })).file;
    const sound = await convert(['sine=1000:d=20'], at('late.mka'), ['-c:a', 'aac', '-output_ts_offset', '60']);
    const file = await convert([pictures, sound], at('late-begin.mkv'), ['-map', '0:v', '-map', '1:a'], ['-copyts']);
    for (const startSeconds of [0, 40, 55]) {
      const { loudness } = await findings(file, { startSeconds, endSeconds: 65 });
      expect(loudness.slice(0, 59 - startSeconds).every((lufs) => lufs === -70)).toBe(true);
      expect(loudness.at(-1)).toBeGreaterThan(-30);
    }
  });

  it('is -70 in digital silence, and nothing without sound', async () => {
    const file = await withSound('quiet.mkv', 'aevalsrc=0:s=48000:d=9', '-c:a', 'pcm_s16le');
    expect((await findings(file)).loudness).toEqual(Array(9).fill(-70));
    const { file: mute } = await makeClip(folder.path, { name: 'no-sound.mp4', ...constantRate(25, 1, 50) });
    expect(await findings(mute)).toMatchObject({ loudness: [null, null], audioErrors: 0 });
  });

  it.each(['A_DTS', 'A_WHAT'])('is missing, and the pictures are not, where the sound does not decode (%s)', async (codec) => {
    const file = await withSound('broken.mkv', tone(), '-c:a', 'flac');
    const bytes = await readFile(file);
    bytes.write(codec.padEnd(6, '\0'), bytes.indexOf('A_FLAC'), 'latin1');
    await writeFile(at('broken-sound.mkv'), bytes);
    const broken = await findings(at('broken-sound.mkv'));
    expect(broken).toMatchObject({ framesDecoded: 225, framesLost: 0 });
    expect(broken.loudness.every((value) => value === null || value === -70)).toBe(true);
    expect(broken.audioErrors).toBeGreaterThan(0);
  });
});

describe('the sprite sheet', () => {
  it('has a picture of each cell, in order, as a player shows it', async () => {
    const spec = { name: 'sheet.mp4', ...constantRate(25, 1, 340), width: 320, height: 240, filters: ['setsar=4/3'] };
    const { file } = await makeClip(folder.path, spec);
    const { sprite } = await measure(file);
    expect(sprite).toMatchObject({ columns: 10, rows: 2, tileWidth: 160, tileHeight: 90 });
    expect(sprite!.times).toEqual(Array.from({ length: 14 }, (_, i) => expect.closeTo(i, 0) as number));
    const { data, info } = await sharp(sprite!.jpeg).raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 1600, height: 180 });
    for (const [i, seconds] of sprite!.times.entries()) {
      const cell = { left: (i % 10) * 160, top: Math.floor(i / 10) * 90, width: 160, height: 90 };
      const rgb = await sharp(data, { raw: info }).extract(cell).raw().toBuffer();
      expect(readNumber({ pts: 0, rgb, width: 160, height: 90 })).toBe(Math.round(seconds * 25));
    }
  });
});

describe.skipIf(realClip('') === undefined)('a real clip that is damaged', () => {
  it('is scanned as far as it decodes', async () => {
    const file = realClip('damaged-5s.mp4') ?? '';
    const found = await findings(file);
    const { video, index } = await openClip(file);
    const decoded = await media.decodedTimes(file, video, {});
    expect(found.decodeErrors).toBeGreaterThan(0);
    expect(found).toMatchObject({ framesDecoded: decoded.length, framesLost: index.pts.length - decoded.length });
  });
});
