// Which runs are the same one.
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadConfig } from '../../platform/config/config.js';
import { nameOf, settingsOf } from './run-settings.js';

let model: string;
beforeEach(() => {
  model = mkdtempSync(join(tmpdir(), 'checkpoint-'));
});
afterEach(() => rmSync(model, { recursive: true }));

const nameWith = async (options: { videos?: string } = {}): Promise<string> =>
  nameOf(await settingsOf({ dataset: 'world', seed: 1, ...options }, loadConfig({ MODEL_DIR: model })));

it('is another run over other videos, and the same over the same', async () => {
  expect(await nameWith({ videos: '/a' })).toBe(await nameWith({ videos: '/a' }));
  expect(await nameWith({ videos: '/a' })).not.toBe(await nameWith({ videos: '/b' }));
});

it('is another run once the checkpoint was trained on', async () => {
  const [weights, then] = [join(model, 'model.safetensors'), new Date(1_700_000_000_000)];
  const write = (text: string, at: Date): void => {
    writeFileSync(weights, text);
    utimesSync(weights, at, at);
  };
  const none = await nameWith();
  write('one', then);
  const first = await nameWith();
  write('two', new Date(1_700_000_060_000));
  const second = await nameWith();
  write('one', then);
  expect(new Set([none, first, second]).size).toBe(3);
  expect(await nameWith()).toBe(first);
});
