// A Postgres that outlived whoever started it: found by its pid file, and stopped before another one starts.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { commandLine, isAlive } from './running-process.js';

/** What each signal means to Postgres, and how long it is given: roll back and stop; stop now; die. */
const STEPS = [
  { signal: 'SIGINT', seconds: 10 },
  { signal: 'SIGQUIT', seconds: 5 },
  { signal: 'SIGKILL', seconds: 5 },
] as const;

/** Leaves no server on the data directory, and no pid file that some other process makes look alive. */
export async function stopOrphan(data: string): Promise<void> {
  const pid = recordedPid(data);
  if (pid === undefined || !isAlive(pid)) return;
  if (!isServerOf(pid, data)) return rmSync(join(data, 'postmaster.pid'), { force: true });
  await stopServer(pid);
}

/** Resolves once the process is gone. */
export async function stopServer(pid: number): Promise<void> {
  for (const { signal, seconds } of STEPS) {
    if (!isAlive(pid)) return;
    process.kill(pid, signal);
    for (let waited = 0; waited < seconds && isAlive(pid); waited += 0.02) await pause(20);
  }
}

function recordedPid(data: string): number | undefined {
  try {
    return Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
  } catch {
    return undefined; // stopped in order
  }
}

function isServerOf(pid: number, data: string): boolean {
  const command = commandLine(pid);
  return command.includes('postgres') && command.includes(data);
}
