// What `npm pack` packs is the whole product: installed into an empty folder it serves page and model, with no step in between.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { getDefaultEnvironment, StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoClip, trueEvents } from '../e2e/running-product.js';
import { temporaryFolder } from '../medium/servers.js';

/** npm says in the environment of what it starts how it was started itself: nothing of that belongs to the folder here. */
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_ENV|VITEST|DATA_DIR|MODEL_DIR|SECONDSIGHT_)/i.test(name)));

let folder: string;
let home: string;
let packed: string[];
beforeAll(() => {
  folder = temporaryFolder();
  const [report] = JSON.parse(execFileSync('npm', ['pack', '--json', '--silent', '--pack-destination', folder], { encoding: 'utf8' })) as { filename: string; files: { path: string }[] }[];
  packed = report!.files.map(({ path }) => path);
  home = join(folder, 'empty');
  mkdirSync(home);
  execFileSync('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error', join(folder, report!.filename)], { cwd: home, env, stdio: ['ignore', 'ignore', 'inherit'] });
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the packed product', () => {
  it('holds what it needs to run and to be understood, and nothing else', () => {
    const isOf = (...beginnings: string[]) => (path: string): boolean => beginnings.some((beginning) => path.startsWith(beginning));
    const [known, needed] = [['dist/src/', 'dist/workers/', 'dist/migrations/', 'dist/web/', 'docs/', 'examples/', 'models/demo/', 'models/shapeworld-1/'], ['package.json', 'README.md', 'LICENSE', 'scripts/secondsight.mjs', 'scripts/preinstall.mjs']];
    expect(packed.filter((path) => !isOf(...known)(path)).sort()).toEqual([...needed].sort());
    for (const part of known) expect(packed.some(isOf(part)), part).toBe(true);
    expect(packed.filter((path) => /\.spec\.|\.map$|\.tsx$|\.env|pepper|webhook-key|^dist\/(test|bench)/.test(path))).toEqual([]);
  });

  describe('up', () => {
    let service: ChildProcess;
    let page: string;
    beforeAll(async () => {
      service = spawn('npx', ['secondsight', 'up'], { cwd: home, env: { ...env, PORT: '0' }, detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
      page = await new Promise((found, fail) => {
        service.once('exit', () => fail(new Error('it ended')));
        createInterface({ input: service.stdout! }).on('line', (line) => line.startsWith('Page') && found(line.split(' ').at(-1)!));
      });
    });
    afterAll(async () => {
      const ended = once(service, 'close'); // whoever holds its stdout has ended, not only npx
      process.kill(-service.pid!, 'SIGTERM');
      await ended;
    });

    it('serves the page with its script', async () => {
      const html = await (await fetch(page)).text();
      const [, script] = /<script type="module"[^>]* src="([^"]+)"/.exec(html) ?? [];
      const answer = await fetch(new URL(script ?? '', page));
      expect(answer.headers.get('content-type')).toMatch(/javascript/);
      expect((await answer.text()).length).toBeGreaterThan(100_000);
    });

    it('answers questions with the bundled model, and keeps its data where it was started', async () => {
      const [event] = await trueEvents('short_30s');
      const answer = JSON.parse(execFileSync('npx', ['secondsight', 'ask', demoClip('short_30s'), event!.query, '--json'], { cwd: home, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })) as {
        answer: string;
        data: { start_time: number; end_time: number }[];
      };
      expect(answer.answer).toBe('found');
      expect(answer.data[0]!.start_time).toBeLessThan(event!.end_time);
      expect(answer.data[0]!.end_time).toBeGreaterThan(event!.start_time);
      expect(JSON.parse(readFileSync(join(home, 'data/service.json'), 'utf8'))).toMatchObject({ baseUrl: page });
    });

    it('is what agents are given by the example of their settings', async () => {
      const { secondsight } = (JSON.parse(readFileSync(resolve('examples/mcp.json'), 'utf8')) as { mcpServers: { secondsight: { command: string; args: string[] } } }).mcpServers;
      const client = new Client({ name: 'test', version: '1' });
      await client.connect(new StdioClientTransport({ ...secondsight, cwd: home, env: { ...getDefaultEnvironment(), SECONDSIGHT_SERVER: page } }));
      expect((await client.callTool({ name: 'list_videos', arguments: {} })).structuredContent).toMatchObject({ videos: [{ name: 'short_30s.mp4' }] });
      await client.close();
    });
  });
});
