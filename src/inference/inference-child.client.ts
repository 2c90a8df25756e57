// The inference port over a forked child: onnxruntime blocks the thread it runs on, and a worker must go on renewing its leases.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { AppError } from '../app-error.js';
import { compiledModule } from '../platform/embedded/compiled-module.js';
import { abortError, unlessAborted } from './aborted.js';
import { type Inference, type ModelCard, type RunOptions, type WindowRequest, type WindowResult } from './inference.js';
import { type FromChild, fromWire, type InferenceSettings, type ToChild } from './protocol.js';
import { Seats } from './seats.js';

/** How long a child may take to leave before it is killed: it may be in the middle of a matrix. */
const LEAVE_MS = 3000;

/** Longest silence of a child at work: no slice, chunk or token takes so long, nor does loading a checkpoint that fits the machine. */
const SILENCE_MS = 15 * 60_000;

/** Pictures and patches live for a moment; left to itself the heap takes three times the room for them, and with time more. */
const CHILD_FLAGS = ['--max-semi-space-size=4'];

type Request = Exclude<ToChild, { type: 'abort' }>;
type Value = ModelCard | WindowResult;

/** The request that the child works on. */
interface Pending extends RunOptions {
  readonly id: number;
  readonly resolve: (value: Value) => void;
  readonly reject: (error: AppError) => void;
}

/** The child is forked at first need, and again after it died. Requests wait for each other, urgent ones before the others. */
export class InferenceChild implements Inference {
  private child: ChildProcess | undefined;
  private pending: Pending | undefined;
  private card: ModelCard | undefined;
  private readonly turns = new Seats([undefined]); // one at a time
  private nextId = 1;
  private silence: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(private readonly settings: InferenceSettings) {}

  /** Process id of the child that lives now. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  async model(): Promise<ModelCard> {
    if (this.card && this.child) return this.card;
    return this.turns.take(async () => {
      if (this.card && this.child) return this.card;
      this.card = undefined;
      const card = (await this.ask({ type: 'model', id: this.nextId++ })) as ModelCard;
      this.card = card;
      return card;
    });
  }

  /** An abort rejects with `inference.aborted` or, where it is an AppError, with the signal's reason; the child stops at its next slice or token. */
  async run(request: WindowRequest, { signal, onProgress, urgent }: RunOptions = {}): Promise<WindowResult> {
    const message = { type: 'run', id: this.nextId++, request } as const;
    const work = async (): Promise<WindowResult> => {
      if (signal?.aborted) throw abortError(signal);
      return (await this.ask(message, { onProgress, signal })) as WindowResult;
    };
    return unlessAborted(this.turns.take(work, { urgent }), signal);
  }

  async close(): Promise<void> {
    this.closed = true;
    const child = this.child;
    if (!child) return;
    const gone = once(child, 'exit');
    const killer = setTimeout(() => child.kill('SIGKILL'), LEAVE_MS);
    if (child.connected) child.disconnect();
    await gone;
    clearTimeout(killer);
  }

  private async ask(request: Request, options: RunOptions = {}): Promise<Value> {
    const child = this.start();
    const abort = (): unknown => child.connected && child.send({ type: 'abort', id: request.id } satisfies ToChild);
    options.signal?.addEventListener('abort', abort);
    try {
      return await new Promise<Value>((resolve, reject) => {
        this.pending = { ...options, id: request.id, resolve, reject };
        child.send(request, (error) => error && this.lose(child, error));
        this.watchSilence(child);
      });
    } finally {
      clearTimeout(this.silence);
      this.pending = undefined;
      options.signal?.removeEventListener('abort', abort);
    }
  }

  /** A child that hangs would hold its request for ever, since the worker goes on renewing the lease. */
  private watchSilence(child: ChildProcess): void {
    this.silence = setTimeout(() => {
      this.pending?.reject(new AppError('inference.timeout', `The inference process said nothing for ${SILENCE_MS / 60_000} minutes; it is started again.`));
      child.kill('SIGKILL');
    }, SILENCE_MS);
  }

  private start(): ChildProcess {
    if (this.closed) throw new AppError('inference.closed', 'The model has been closed.');
    if (this.child) return this.child;
    const child = fork(compiledModule('./child.js', import.meta.url), [JSON.stringify(this.settings)], {
      serialization: 'advanced', // typed arrays cross as they are
      execArgv: CHILD_FLAGS,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.on('message', (reply: FromChild) => this.hear(reply));
    child.once('exit', () => this.lose(child));
    child.once('error', (error) => this.lose(child, error));
    this.child = child;
    return child;
  }

  private hear(reply: FromChild): void {
    if (reply.id !== this.pending?.id) return;
    this.silence?.refresh();
    if (reply.type === 'progress') this.pending.onProgress?.(reply.progress);
    else if (reply.type === 'result') this.pending.resolve(reply.value);
    else this.pending.reject(fromWire(reply.error));
  }

  private lose(child: ChildProcess, cause?: Error): void {
    if (this.child !== child) return;
    this.child = undefined;
    const how = child.signalCode ?? (child.exitCode === null ? 'no reply' : `exit code ${child.exitCode}`);
    const died = new AppError('inference.child_died', `The inference process died (${how}); the next request starts it again.`, { cause });
    this.pending?.reject(this.closed ? new AppError('inference.closed', 'The model was closed while it worked.') : died);
  }
}
