// A scene that is written as a video is what the decoder gives back, picture by picture.
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { framePainter, makeScene } from '../../src/world/index.js';
import { clipFolder } from './clips.js';
import { collect, media, openClip } from './media.js';

const folder = clipFolder();
afterAll(folder.remove);

const [WIDTH, HEIGHT, FPS, SECONDS] = [160, 90, 12.5, 6];

/** Mean difference in grey levels that a codec leaves. */
const CODEC = 6;

it.each(['scene.mp4', 'scene.mkv', 'scene.webm'])('%s', async (name) => {
  const scene = makeScene(12, { seconds: SECONDS, events: 3, shortestSeconds: 2 });
  expect(scene.events.length).toBeGreaterThan(0);
  const paint = framePainter(scene, WIDTH, HEIGHT);
  const drawn = Array.from({ length: SECONDS * FPS }, (_, k) => paint(k / FPS));
  const file = join(folder.path, name);
  await media.writeVideo({ file, width: WIDTH, height: HEIGHT, fps: FPS, pictures: drawn });

  const { video, index } = await openClip(file);
  const decoded = await collect(media.decodeFrames(file, video, { pts: [...index.pts], keyframePts: index.keyframePts }));
  expect(decoded.map(({ width, height }) => [width, height])).toEqual(drawn.map(() => [WIDTH, HEIGHT]));
  for (const [k, { rgb }] of decoded.entries()) expect(meanDifference(rgb, drawn[k]!)).toBeLessThan(CODEC);
});

it('says so when the file cannot be written', async () => {
  const request = { file: join(folder.path, 'nowhere', 'scene.mp4'), width: 16, height: 16, fps: 5, pictures: [new Uint8Array(768)] };
  await expect(media.writeVideo(request)).rejects.toMatchObject({ code: 'ffmpeg.refused' });
});

const meanDifference = (a: Uint8Array, b: Uint8Array): number => a.reduce((sum, level, at) => sum + Math.abs(level - b[at]!), 0) / a.length;
