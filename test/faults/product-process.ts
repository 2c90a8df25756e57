// One process of the product that a test may kill, freeze and watch; it comes back at once when it is meant to live.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { vi } from 'vitest';

export interface ProcessSpec {
  /** A file of `dist`, as in `workers/main.js`. */
  readonly module: string;
  readonly env: Readonly<Record<string, string>>;
  /** Started again whenever it ends before `stop`. Default true. */
  readonly keepAlive?: boolean;
}

export interface LogLine {
  readonly level: string;
  readonly msg?: string;
  readonly code?: string;
  readonly [name: string]: unknown;
}

const FOLLOW_PARENT = pathToFileURL(resolve('dist/src/platform/embedded/follow-parent.js')).href;

export class ProductProcess {
  /** Every line that it and its children have written, restarts included. */
  readonly lines: string[] = [];
  private readonly messages: string[] = [];
  /** How often it ended although nobody had stopped it. */
  restarts = 0;
  private child: ChildProcess;
  private stopping = false;

  constructor(private readonly spec: ProcessSpec) {
    this.child = this.launch();
  }

  get pid(): number {
    return this.child.pid!;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** What it logged, oldest first; lines that are no JSON are left out. */
  get log(): LogLine[] {
    return this.lines.flatMap((line) => {
      try {
        return [JSON.parse(line) as LogLine];
      } catch {
        return [];
      }
    });
  }

  /** Process id of the child that holds the model; undefined while there is none. */
  get inference(): number | undefined {
    return descendants(this.pid).find((pid) => procFile(pid, 'cmdline').includes('secondsight inference'));
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** SIGKILL, and resolves once it is gone; the next one is on its way then. */
  async kill(): Promise<void> {
    const child = this.child;
    if (!this.isRunning) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  /** Ends for good; resolves with how it ended. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<{ code: number | null; signal: NodeJS.Signals | null; seconds: number }> {
    this.stopping = true;
    const started = performance.now();
    if (this.isRunning) {
      const gone = once(this.child, 'exit');
      this.child.kill(signal);
      this.child.kill('SIGCONT'); // a frozen process hears nothing
      await gone;
    }
    return { code: this.child.exitCode, signal: this.child.signalCode, seconds: (performance.now() - started) / 1000 };
  }

  /** Starts it again after `stop`. */
  restart(): void {
    this.stopping = false;
    this.child = this.launch();
  }

  /** Resolves with the message of that type, as `listening` of the API. */
  async hears(type: string): Promise<void> {
    await vi.waitFor(() => this.messages.includes(type) || Promise.reject(new Error(`no ${type} yet:\n${this.lines.slice(-20).join('\n')}`)), {
      timeout: 60_000,
      interval: 20,
    });
  }

  private launch(): ChildProcess {
    const { module, env, keepAlive = true } = this.spec;
    this.messages.splice(0);
    const child = fork(resolve('dist', module), [], {
      env: { ...process.env, ...env },
      execArgv: ['--import', FOLLOW_PARENT],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream! }).on('line', (line) => this.lines.push(line));
    child.on('message', (message) => this.messages.push((message as { type: string }).type));
    child.once('exit', () => {
      if (!keepAlive || this.stopping) return;
      this.restarts++;
      this.child = this.launch();
    });
    return child;
  }
}

/** Ids of all processes that descend from one, nearest first. */
function descendants(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const id of processIds()) {
    const parent = Number(/^\d+ \(.*\) \S (\d+)/s.exec(procFile(id, 'stat'))?.[1]);
    children.set(parent, [...(children.get(parent) ?? []), id]);
  }
  const all = children.get(pid) ?? [];
  for (const child of all) all.push(...(children.get(child) ?? []));
  return all;
}

/** Command lines of every process whose environment names the folder. */
export const processesOf = (folder: string): string[] =>
  processIds()
    .filter((pid) => pid !== process.pid && procFile(pid, 'environ').includes(folder))
    .map((pid) => `${pid} ${procFile(pid, 'cmdline').replaceAll('\0', ' ')}`);

const processIds = (): number[] => readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number);

function procFile(pid: number, file: 'cmdline' | 'environ' | 'stat'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // it has ended
  }
}

/** Ids of the processes whose command line holds the text, with all that they started. */
export function processesWith(text: string): number[] {
  const found = processIds().filter((pid) => procFile(pid, 'cmdline').includes(text) && !procFile(pid, 'cmdline').includes('postgres-guard'));
  return found.flatMap((pid) => [pid, ...descendants(pid)]);
}
