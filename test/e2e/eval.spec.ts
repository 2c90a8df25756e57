// The eval command over the running product: asks, scores, leaves a report; then scores what it left, without a service.
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../src/cli/main.js';
import { temporaryFolder } from '../medium/servers.js';
import { demoClip } from './running-product.js';

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

  it('measures the bundled checkpoint on the simple world, through the API', async () => {
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

  it('measures it on the richer world', async () => {
    expect(await main(['eval', '--dataset', 'world', '--seed', '2', '--questions', '30', '--out', join(folder, 'rich'), '--json']), err).toBe(0);
    const figures = JSON.parse(out.trim().split('\n').at(-1) ?? '') as Record<string, number>;
    expect(figures).toMatchObject({ dataset: 'world', questions: 30, unanswered: 0, parse_failures: 0 });
    // a checkpoint that knows the simple world alone stays below 0.1
    expect(figures['miou']).toBeGreaterThan(0.3);
  });

  it('asks for boxes, points, labels and pages of pictures by the chat API', async () => {
    const pictures = join(folder, 'pictures');
    expect(await main(['eval', '--dataset', 'world-pictures', '--seed', '2', '--questions', '4', '--out', pictures, '--json']), err).toBe(0);
    const figures = JSON.parse(out.trim().split('\n').at(-1) ?? '') as Record<string, number>;
    expect(figures).toMatchObject({ dataset: 'world-pictures', questions: 4, unanswered: 0 });
    for (const name of ['box_miou', 'points_inside', 'labels_read', 'pages_read', 'parse_failures']) expect(figures[name], name).toBeTypeOf('number');
    expect(readFileSync(join(pictures, 'answers.jsonl'), 'utf8').trim().split('\n')).toHaveLength(4);
  });

  it('counts every event that is told of footage from outside the world as invented', async () => {
    const clips = join(folder, 'clips');
    mkdirSync(clips);
    copyFileSync(demoClip('short_30s'), join(clips, 'clip.mp4'));
    expect(await main(['eval', '--dataset', 'footage', '--videos', clips, '--questions', '2', '--out', join(folder, 'footage'), '--json']), err).toBe(0);
    const figures = JSON.parse(out.trim().split('\n').at(-1) ?? '') as Record<string, number>;
    expect(figures).toMatchObject({ dataset: 'footage', questions: 2, present: 0, absent: 2, unanswered: 0, miou: null });
    expect(figures['invented_per_minute']).toBeGreaterThanOrEqual(2); // three or more in half a minute: the clip is of the world, after all
  });

  it.each([
    [['--dataset', 'footage'], 2, '--videos DIR'],
    [['--dataset', 'footage', '--videos', 'test/evaluation'], 1, 'dataset.videos_not_found: The folder test/evaluation'],
    [['--dataset', 'world-pictures', '--predictions', 'x'], 2, '--predictions FILE'],
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
