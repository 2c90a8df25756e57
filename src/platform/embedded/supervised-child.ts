// One child process: started, watched, started again when it dies, stopped in order.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { AppError } from '../../app-error.js';
import { compiledModule } from './compiled-module.js';

export interface ChildSpec {
  readonly name: string;
  /** Absolute path of a compiled module. */
  readonly module: string;
  readonly args?: readonly string[];
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** The child has started once it sends `{ type: ready }`; absent: once it runs. */
  readonly ready?: string;
  /** How long it may take to stop before it is killed. */
  readonly stopSeconds: number;
  /** Whatever it sends besides, now and each time that it was started again. */
  readonly onMessage?: (message: unknown) => void;
  /** Every line that the child writes. */
  readonly onLine: (line: string) => void;
}

const RESTART_MS = [500, 1000, 2000, 5000, 10_000, 30_000] as const;
/** A child that lived this long had not failed to start. */
const HEALTHY_MS = 20_000;
const LINES_KEPT = 20;

/** Pictures pass through as short-lived buffers: with little room for the young they are freed early, and memory stays flat. */
const YOUNG_SPACE = '--max-semi-space-size=4'; // MiB
/** glibc would keep a heap for each thread, and give little of it back. */
const LEAN = { MALLOC_ARENA_MAX: '2' };

export class SupervisedChild {
  private child: ChildProcess | undefined;
  private restart: NodeJS.Timeout | undefined;
  private deaths = 0;
  private stopping = false;
  private readonly lastLines: string[] = [];

  constructor(readonly spec: ChildSpec) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** How often it has died since it was first started. */
  get restarts(): number {
    return this.deaths;
  }

  /** The last lines that it wrote. */
  get tail(): string {
    return this.lastLines.join('\n');
  }

  /** Resolves once the child has started; rejects with `process.start_failed` when it ends before. */
  async start(): Promise<void> {
    const { name, ready } = this.spec;
    const child = this.launch();
    await new Promise<void>((resolve, reject) => {
      child.once('exit', (code, signal) =>
        reject(new AppError('process.start_failed', `${name} ended while starting (${signal ?? code}):\n${this.tail}`)),
      );
      child.once('error', (cause) => reject(new AppError('process.start_failed', `${name} could not be started.`, { cause })));
      if (ready === undefined) child.once('spawn', resolve);
      else child.on('message', (message) => isOfType(message, ready) && resolve());
    });
    this.watch(child);
  }

  /** SIGTERM, and SIGKILL to it and everything it started when that is not enough. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.restart);
    const child = this.child;
    if (!child || !isRunning(child)) return;
    const gone = once(child, 'exit');
    const killer = setTimeout(() => killGroup(child), this.spec.stopSeconds * 1000);
    child.kill('SIGTERM');
    await gone;
    clearTimeout(killer);
  }

  private launch(): ChildProcess {
    const { module, args = [], env, onMessage, onLine } = this.spec;
    const child = fork(module, args, {
      env: { ...process.env, ...LEAN, ...env },
      execArgv: [YOUNG_SPACE, '--import', pathToFileURL(compiledModule('./follow-parent.js', import.meta.url)).href],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: process.platform !== 'win32', // Ctrl-C reaches this process only, which stops the others in order
    });
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on('line', (line) => {
        this.lastLines.push(line);
        if (this.lastLines.length > LINES_KEPT) this.lastLines.shift();
        onLine(line);
      });
    }
    if (onMessage) child.on('message', onMessage);
    this.child = child;
    return child;
  }

  private watch(child: ChildProcess): void {
    const since = Date.now();
    const onExit = (code: number | null, signal: NodeJS.Signals | null): void => {
      if (this.stopping) return;
      if (Date.now() - since > HEALTHY_MS) this.deaths = 0;
      const wait = RESTART_MS[Math.min(this.deaths++, RESTART_MS.length - 1)] ?? 0;
      this.spec.onLine(`${this.spec.name} ended (${signal ?? code}); it starts again in ${wait / 1000} s`);
      this.restart = setTimeout(() => this.watch(this.launch()), wait);
    };
    if (isRunning(child)) child.once('exit', onExit);
    else onExit(child.exitCode, child.signalCode);
  }
}

const isRunning = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;

const isOfType = (message: unknown, type: string): boolean =>
  typeof message === 'object' && message !== null && 'type' in message && message.type === type;

/** A detached child leads a group of its own, which holds whatever it forked. */
function killGroup(child: ChildProcess): void {
  try {
    process.kill(process.platform === 'win32' ? (child.pid ?? 0) : -(child.pid ?? 0), 'SIGKILL');
  } catch {
    child.kill('SIGKILL'); // the group is gone already
  }
}
