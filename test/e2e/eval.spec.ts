// The eval command over the running product: asks, scores, leaves a report; then scores what it left, without a service.
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../src/cli/main.js';
import { temporaryFolder } from '../medium/servers.js';

const folder = temporaryFolder();
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('secondsight eval', () => {
  let out: string;
  let err: string;
  beforeEach(() => {
    [out, err] = ['', ''];
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => (out += String(text)) !== '');
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => (err += String(text)) !== '');
  });
  afterEach(() => vi.restoreAllMocks());

  it('measures the bundled checkpoint on its own world, through the API', async () => {
    expect(await main(['eval', '--dataset', 'simple-world', '--seed', '2', '--questions', '12', '--out', folder, '--json']), err).toBe(0);
    const figures = JSON.parse(out.trim().split('\n').at(-1) ?? '') as Record<string, number>;
    expect(figures).toMatchObject({ dataset: 'simple-world', questions: 12, unanswered: 0 });
    for (const name of ['miou', 'r1_03', 'r1_05', 'r1_07', 'absent_rejected', 'present_lost', 'ece', 'dense_f1', 'boundary_error_ms', 'parse_failures']) {
      expect(figures[name], name).toBeTypeOf('number');
    }
    expect(figures['miou']).toBeGreaterThan(0.5);
    expect(figures['absent_rejected']).toBeGreaterThan(0.5);
    const report = readFileSync(join(folder, 'report.html'), 'utf8');
    expect(report.match(/<svg/g)?.length).toBe(6);
    expect(report).not.toMatch(/<script|https?:/); // it needs nothing else
    expect(existsSync(join(folder, 'service'))).toBe(false);
  });

  it('scores the answers it left to the same figures, and keeps limits', async () => {
    const scored = join(folder, 'scored');
    const again = ['eval', '--dataset', 'simple-world', '--seed', '2', '--questions', '12', '--predictions', join(folder, 'answers.jsonl'), '--out', scored];
    expect(await main([...again, '--json', '--fail-over', 'miou=0.1'])).toBe(1);
    expect(err).toMatch(/evaluation\.limit_missed: miou is/);
    const figures = (name: string): unknown => JSON.parse(readFileSync(join(name, 'figures.json'), 'utf8'));
    expect(figures(scored)).toEqual(figures(folder));
  });

  it.each([
    [['--dataset', 'qvhighlights', '--videos', '.'], 2, '--gt FILE'],
    [['--dataset', 'test/evaluation/truth.jsonl'], 2, '--videos DIR'],
    [['--dataset', 'test/evaluation/truth.jsonl', '--videos', 'test/evaluation'], 1, 'dataset.video_missing: test/evaluation/truth.jsonl, line 1'],
    [['--dataset', 'test/evaluation/truth.jsonl', '--predictions', 'package.json'], 1, 'predictions.line_invalid: package.json, line 1'],
    [['--dataset', 'package.json', '--predictions', 'x'], 1, 'dataset.unknown_format'],
    [['--dataset', 'simple-world', '--questions', '1.5'], 2, '--questions'],
  ])('says what is wrong with %j', async (args, code, message) => {
    expect(await main(['eval', ...args])).toBe(code);
    expect(err).toContain(message);
  });
});
