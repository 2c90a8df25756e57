// Real clips through the running product, by the command that people use; MEDIA_DIR names their folder.
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AnalyzedFile } from '../../src/cli/analyze.js';
import { type FramesReport } from '../../src/cli/frames-report.js';
import { media } from '../medium/media.js';
import { temporaryFolder } from '../medium/servers.js';

const directory = process.env['MEDIA_DIR'];
const FPS = 2;
/** What may be wrong with a clip; every other code is a fault of ours. */
const REFUSALS = /^video\.\w+$/;
const run = promisify(execFile);
const clips = directory ? readdirSync(directory).filter((name) => /\.(mp4|mkv|webm|mov|ts|avi|flv)$/.test(name)) : [];

describe.skipIf(clips.length === 0)('every clip of MEDIA_DIR', () => {
  let data: string;
  let results: AnalyzedFile[];

  beforeAll(async () => {
    data = temporaryFolder();
    const files = clips.map((clip) => join(directory!, clip));
    const { stdout } = await run(process.execPath, ['scripts/secondsight.mjs', 'analyze', ...files, '--jsonl'], {
      env: { ...process.env, DATA_DIR: data, LOG_LEVEL: 'warn' },
      maxBuffer: 1 << 28,
    }).catch((error: { stdout: string; stderr: string }) => {
      if (error.stdout === '') throw new Error(error.stderr); // a clip that is not ready makes the exit code 1, too
      return error;
    });
    results = stdout.trim().split('\n').map((line) => JSON.parse(line) as AnalyzedFile);
  }, 900_000);
  afterAll(() => rm(data, { recursive: true, force: true }));

  it.each(clips)('%s ends ready or in a coded refusal, with no segment after its last decodable second', (clip) => {
    const result = results.find(({ file }) => file.endsWith(clip))!;
    expect(result.status === 'ready' || REFUSALS.test(result.error?.code ?? ''), JSON.stringify(result.error)).toBe(true);
    for (const segment of result.segments) {
      expect(segment.start_time).toBeGreaterThanOrEqual(0);
      expect(segment.end_time).toBeGreaterThanOrEqual(segment.start_time);
      expect(segment.end_time).toBeLessThanOrEqual(result.decoded_until! + 1e-6);
    }
  });

  it.each(clips)('%s is sampled at the times at which its pictures are presented', async (clip) => {
    const file = join(directory!, clip);
    const status = results.find((result) => result.file.endsWith(clip))!.status;
    if (status !== 'ready') return;
    const { stdout } = await run(process.execPath, ['scripts/secondsight.mjs', 'frames', file, '--fps', String(FPS), '--json'], { maxBuffer: 1 << 28 });
    const report = JSON.parse(stdout) as FramesReport;
    const { pts, cellOf } = await presented(file);
    expect(report.effective_fps).toBe(FPS);
    const cells = Math.ceil(report.duration * FPS);
    expect(cellOf(pts.at(-1)!)).toBeLessThan(cells);
    expect(report.frames.length).toBe(cells + (cells % 2));
    for (const [cell, frame] of report.frames.slice(0, cells).entries()) {
      const arrived = pts.find((at) => cellOf(at) === cell);
      const seen = arrived ?? pts.findLast((at) => cellOf(at) < cell);
      expect({ cell, pts: frame.pts, held: frame.held }).toEqual({ cell, pts: seen, held: arrived === undefined });
    }
    expect(report.frames.at(-1)!.pts).toBe(report.frames[cells - 1]!.pts);
  });
});

/** Every time at which ffprobe's decoder presents a picture, ascending ticks, and which half second it falls into, in integers. */
async function presented(file: string): Promise<{ pts: number[]; cellOf: (pts: number) => number }> {
  const { ffprobe } = await media.binaries();
  const stream = String((await media.probe(file)).video.streamIndex);
  const probe = async (entries: string): Promise<string[]> => {
    const args = ['-v', 'quiet', '-select_streams', stream, '-show_entries', entries, '-of', 'csv=p=0', file];
    return (await run(ffprobe.path, args, { maxBuffer: 1 << 28 })).stdout.split(/[\s,]+/).filter(Boolean);
  };
  const [num = 0n, den = 1n] = (await probe('stream=time_base'))[0]!.split('/').map(BigInt);
  const pts = (await probe('frame=best_effort_timestamp')).filter((at) => at !== 'N/A').map(Number).sort((a, b) => a - b);
  const origin = BigInt(pts[0]!);
  return { pts, cellOf: (at) => Number(((BigInt(at) - origin) * num * BigInt(FPS)) / den) };
}
