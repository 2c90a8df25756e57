// What the processes of a running product cost, read from /proc (Linux): CPU seconds by role, peak memory, process ids.
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

export type Role = 'api' | 'worker' | 'inference';

/** CPU seconds; `tools` are the ffmpeg and ffprobe runs of a role, finished ones included. */
export interface Cost {
  readonly api: number;
  readonly apiTools: number;
  readonly worker: number;
  readonly workerTools: number;
  readonly inference: number;
  readonly inferenceTools: number;
}

/** One line of /proc/PID/stat. */
export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  /** Own CPU seconds. */
  readonly own: number;
  /** CPU seconds of children that have ended and been waited for. */
  readonly reaped: number;
}

const TICKS_PER_SECOND = 100; // USER_HZ, the same on every Linux that Node runs on

/** @example parseStat('7 (a (b) c) S 1 …') // the name may hold anything, brackets too */
export function parseStat(line: string): ProcessStat {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' '); // from the third field, the state
  const seconds = (...at: number[]): number => at.reduce((sum, k) => sum + Number(fields[k]), 0) / TICKS_PER_SECOND;
  return { pid: Number.parseInt(line, 10), parent: Number(fields[1]), own: seconds(11, 12), reaped: seconds(13, 14) };
}

interface Found extends ProcessStat {
  readonly role: Role | undefined;
}

/** The processes below `root`, this process by default. */
function descendants(root = process.pid): Found[] {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (statOf(Number(name)) ?? []) : []));
  const children = new Map<number, ProcessStat[]>();
  for (const stat of all) children.set(stat.parent, [...(children.get(stat.parent) ?? []), stat]);
  const below = (pid: number): ProcessStat[] => (children.get(pid) ?? []).flatMap((child) => [child, ...below(child.pid)]);
  return below(root).map((stat) => ({ ...stat, role: roleOf(read(stat.pid, 'cmdline')) }));
}

function roleOf(command: string): Role | undefined {
  if (command.includes('workers/main.js')) return 'worker';
  if (command.startsWith('secondsight inference')) return 'inference';
  if (command.includes('src/main.js')) return 'api';
  return undefined;
}

/** Process ids of a role, now. */
export const pidsOf = (role: Role): number[] => descendants().flatMap((found) => (found.role === role ? [found.pid] : []));

/** What everything has cost since it started. A process that was killed takes its figures with it: take them before. */
export function costNow(): Cost {
  const found = descendants();
  const sumOf = (role: Role): { own: number; tools: number } => {
    let [own, tools] = [0, 0];
    for (const one of found.filter((candidate) => candidate.role === role)) {
      own += one.own;
      tools += one.reaped;
      for (const child of found) if (child.parent === one.pid && child.role === undefined) tools += child.own + child.reaped;
    }
    return { own, tools };
  };
  const [api, worker, inference] = [sumOf('api'), sumOf('worker'), sumOf('inference')];
  return {
    ...{ api: api.own, apiTools: api.tools, worker: worker.own, workerTools: worker.tools },
    ...{ inference: inference.own, inferenceTools: inference.tools },
  };
}

/** CPU seconds of all processes below this one, whatever they are: of the database too. */
export const cpuOfAll = (): number => descendants().reduce((sum, { own, reaped }) => sum + own + reaped, 0);

export function costBetween(before: Cost, after: Cost): Cost {
  const difference = (name: keyof Cost): number => after[name] - before[name];
  return {
    ...{ api: difference('api'), apiTools: difference('apiTools') },
    ...{ worker: difference('worker'), workerTools: difference('workerTools') },
    ...{ inference: difference('inference'), inferenceTools: difference('inferenceTools') },
  };
}

/** What answering costs: everything but the api. */
export const workOf = (cost: Cost): number => cost.worker + cost.workerTools + cost.inference + cost.inferenceTools;

/** Peak resident bytes of worker and inference child together, each since it started. */
export function peakBytes(): number {
  return [...pidsOf('worker'), ...pidsOf('inference')].reduce((sum, pid) => sum + highWaterMark(pid), 0);
}

function highWaterMark(pid: number): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(read(pid, 'status'))?.[1] ?? 0) * 1024;
}

function statOf(pid: number): ProcessStat | undefined {
  const line = read(pid, 'stat');
  return line === '' ? undefined : parseStat(line);
}

/** Empty when it has ended. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** CPU seconds of all programs that this process has started, once they have all ended: one that is told to leave takes a moment. */
export async function toolSeconds(): Promise<number> {
  while (descendants().length > 0) await pause(LEAVING_MS);
  return statOf(process.pid)?.reaped ?? 0;
}

const LEAVING_MS = 20;
