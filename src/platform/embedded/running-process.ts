// What the system tells of a process, by its id.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface RunningProcess {
  readonly name: string;
  readonly parentPid: number;
  /** Tells it from any other process that ever had its id. */
  readonly identity: string;
}

/** Undefined when there is no such process. */
export function findProcess(pid: number): RunningProcess | undefined {
  try {
    return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
  } catch {
    return undefined;
  }
}

/** Whether the id is in use, by anybody. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** The program and its arguments, as one text; empty when there is no such process. */
export function commandLine(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return ps('command=', pid);
  } catch {
    return '';
  }
}

function fromProc(pid: number): RunningProcess {
  // `1234 (name) S 1233 …`: the name may hold anything, parentheses too; field 22 is the start in ticks since boot
  const [, name = '', rest = ''] = /^\d+ \((.*)\) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
  const fields = rest.split(' ');
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return { name, parentPid: Number(fields[1]), identity: `${boot} ${fields[19]}` };
}

function fromPs(pid: number): RunningProcess {
  const [, parentPid = '', identity = '', command = ''] = /^(\d+)\s+((?:\S+\s+){4}\S+)\s+(.*)$/.exec(ps('ppid=,lstart=,comm=', pid)) ?? [];
  return { name: command.split('/').at(-1) ?? '', parentPid: Number(parentPid), identity };
}

const ps = (columns: string, pid: number): string =>
  execFileSync('ps', ['-o', columns, '-p', String(pid)], { encoding: 'utf8' }).trim();
