// Real clips through the running product, by the command that people use; MEDIA_DIR names their folder.
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AnalyzedFile } from '../../src/cli/analyze.js';
import { temporaryFolder } from '../medium/servers.js';

const directory = process.env['MEDIA_DIR'];
const clips = directory ? readdirSync(directory).filter((name) => /\.(mp4|mkv|webm|mov|ts|avi|flv)$/.test(name)) : [];

describe.skipIf(clips.length === 0)('every clip of MEDIA_DIR', () => {
  let data: string;
  let results: AnalyzedFile[];

  beforeAll(async () => {
    data = temporaryFolder();
    const files = clips.map((clip) => join(directory!, clip));
    const { stdout } = await promisify(execFile)(process.execPath, ['scripts/secondsight.mjs', 'analyze', ...files, '--jsonl'], {
      env: { ...process.env, DATA_DIR: data, LOG_LEVEL: 'warn' },
      maxBuffer: 1 << 28,
    }).catch((error: { stdout: string }) => error);
    results = stdout.trim().split('\n').map((line) => JSON.parse(line) as AnalyzedFile);
  }, 900_000);
  afterAll(() => rm(data, { recursive: true, force: true }));

  it.each(clips)('%s ends ready or in a coded refusal, with no segment after its last decodable second', (clip) => {
    const result = results.find(({ file }) => file.endsWith(clip))!;
    expect(result.status === 'ready' || /^\w+\.\w+$/.test(result.error?.code ?? ''), JSON.stringify(result.error)).toBe(true);
    for (const segment of result.segments) {
      expect(segment.start_time).toBeGreaterThanOrEqual(0);
      expect(segment.end_time).toBeGreaterThanOrEqual(segment.start_time);
      expect(segment.end_time).toBeLessThanOrEqual(result.decoded_until! + 1e-6);
    }
  });
});
