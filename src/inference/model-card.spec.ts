// Tests of what a checkpoint says of itself in secondsight.json.
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readCheckpoint } from './checkpoint.js';
import { describeModel } from './model-card.js';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'card-'));
  for (const name of ['config.json', 'model.safetensors']) await cp(join('models/shapeworld-1', name), join(directory, name));
});
afterAll(() => rm(directory, { recursive: true }));

const cardOf = async (notes: unknown): Promise<unknown> => {
  await writeFile(join(directory, 'secondsight.json'), JSON.stringify(notes));
  return describeModel(await readCheckpoint(directory));
};
const calibration = { bias: -1.5, occurrence: 0.4, grounding: 1.1, threshold: 0.35 };

it('the limits and the calibration of a checkpoint are on its card', async () => {
  const notes = { name: 'x', min_fps: 0.25, max_fps: 4, max_frames: 64, calibration };
  expect(await cardOf(notes)).toMatchObject({ name: 'x', minFps: 0.25, maxFps: 4, maxFrames: 64, calibration });
});

it.each([
  ['max_frames', { max_frames: 12.5 }],
  ['calibration.threshold', { calibration: { ...calibration, threshold: 2 } }],
  ['calibration.bias', { calibration: { ...calibration, bias: undefined } }],
  ['min_fps', { min_fps: 0 }],
])('notes with a wrong %s are refused by name', async (name, notes) => {
  await expect(cardOf(notes)).rejects.toMatchObject({ code: 'checkpoint.notes_invalid', message: expect.stringContaining(`${name}: `) as string });
});
