// However the service ends, nothing of it is left running, and the next start finds everything in order.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../medium/servers.js';

const script = resolve('scripts/secondsight.mjs');

/** Every process whose environment names the folder, and so everything that the service started. */
function processesOf(folder: string): number[] {
  return readdirSync('/proc').map(Number).filter((pid) => pid > 0 && pid !== process.pid && environmentOf(pid).includes(folder));
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8'); // empty for a process that has ended
  } catch {
    return '';
  }
}

describe.skipIf(process.platform !== 'linux')('the end of the service (Linux: reads /proc)', () => {
  let folder: string;
  beforeAll(() => {
    folder = temporaryFolder();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Starts it as npm does, below a shell, and resolves once it serves. */
  async function start(): Promise<{ shell: ChildProcess; service: number }> {
    const env = { ...process.env, DATA_DIR: folder, PORT: '0', npm_lifecycle_event: 'up' };
    const shell = spawn('sh', ['-c', `node '${script}' up; :`], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    const lines = createInterface({ input: shell.stderr });
    await new Promise<void>((resolve, reject) => {
      const seen: string[] = [];
      lines.on('line', (line) => (seen.push(line), line.startsWith('Serving') && resolve()));
      lines.on('close', () => reject(new Error(seen.join('\n'))));
    });
    const children = readFileSync(`/proc/${shell.pid}/task/${shell.pid}/children`, 'utf8');
    return { shell, service: Number(children.trim()) };
  }

  it.each([
    ['is told to stop', 'service', 'SIGTERM'],
    ['is interrupted', 'service', 'SIGINT'],
    ['is killed', 'service', 'SIGKILL'],
    ['loses the shell that npm started it in', 'shell', 'SIGKILL'],
  ] as const)('leaves nothing behind when it %s', async (_what, target, signal) => {
    const { shell, service } = await start();
    expect(processesOf(folder).length).toBeGreaterThan(4); // shell, service, guard, Postgres, api, worker, …
    const ended = once(shell, 'exit');
    process.kill(target === 'service' ? service : (shell.pid ?? 0), signal);
    await ended;
    await vi.waitFor(() => expect(processesOf(folder)).toEqual([]), { timeout: 60_000, interval: 100 });
  });
});
