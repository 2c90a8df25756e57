// The inference port over a forked child: onnxruntime blocks the thread it runs on, and a worker must go on renewing its leases.
import { AppError } from '../app-error.js';
import { compiledModule } from '../platform/embedded/compiled-module.js';
import { abortError, unlessAborted } from './aborted.js';
import { type ChatOptions, type ChatRequest, type ChatResult, type Inference, type ModelCard, type RunOptions, type WindowRequest, type WindowResult } from './inference.js';
import { ForkedChild } from './forked-child.js';
import { type FromChild, fromWire, type InferenceSettings, type ToChild, type Value } from './protocol.js';
import { Seats } from './seats.js';

/** Longest silence of a child at work: no slice, chunk or token takes so long, nor does loading a checkpoint that fits the machine. */
const SILENCE_MS = 15 * 60_000;

/** Pictures and patches live for a moment; left to itself the heap takes three times the room for them, and with time more. */
const CHILD_FLAGS = ['--max-semi-space-size=4'];

type Request = Exclude<ToChild, { type: 'abort' }>;

/** The request that the child works on. */
interface Pending extends RunOptions, ChatOptions {
  readonly id: number;
  readonly resolve: (value: Value) => void;
  readonly reject: (error: AppError) => void;
}

/** The child is forked at first need, and again after it died. Requests wait for each other, urgent ones before the others. */
export class InferenceChild implements Inference {
  private readonly child: ForkedChild<ToChild, FromChild>;
  private pending: Pending | undefined;
  private card: ModelCard | undefined; // of the child that lives now
  private readonly turns = new Seats([undefined]); // one at a time
  private nextId = 1;
  private silence: NodeJS.Timeout | undefined;

  constructor(settings: InferenceSettings) {
    const module = compiledModule('./child.js', import.meta.url);
    this.child = new ForkedChild({ module, settings, flags: CHILD_FLAGS, onReply: (reply) => this.hear(reply), onLost: (how, cause) => this.lost(how, cause) });
  }

  /** Process id of the child that lives now. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  async model(): Promise<ModelCard> {
    if (this.card) return this.card;
    return this.turns.take(async () => {
      this.card ??= (await this.ask({ type: 'model', id: this.nextId++ })) as ModelCard;
      return this.card;
    });
  }

  /** An abort rejects with `inference.aborted` or, where it is an AppError, with the signal's reason; the child stops at its next slice or token. */
  async run(request: WindowRequest, options: RunOptions = {}): Promise<WindowResult> {
    return (await this.inTurn({ type: 'run', id: this.nextId++, request }, options)) as WindowResult;
  }

  /** Aborted as `run` is. */
  async chat(request: ChatRequest, options: ChatOptions = {}): Promise<ChatResult> {
    return (await this.inTurn({ type: 'chat', id: this.nextId++, request }, { ...options, urgent: true })) as ChatResult;
  }

  close(): Promise<void> {
    return this.child.close();
  }

  private inTurn(request: Request, options: RunOptions & ChatOptions): Promise<Value> {
    const { signal, urgent } = options;
    const work = async (): Promise<Value> => {
      if (signal?.aborted) throw abortError(signal);
      options.onTurn?.();
      return this.ask(request, options);
    };
    return unlessAborted(this.turns.take(work, { urgent }), signal);
  }

  private async ask(request: Request, options: RunOptions & ChatOptions = {}): Promise<Value> {
    if (this.child.isClosed) throw new AppError('inference.closed', 'The model has been closed.');
    const abort = (): void => this.child.tell({ type: 'abort', id: request.id });
    options.signal?.addEventListener('abort', abort);
    try {
      return await new Promise<Value>((resolve, reject) => {
        this.pending = { ...options, id: request.id, resolve, reject };
        this.child.send(request);
        this.watchSilence();
      });
    } finally {
      clearTimeout(this.silence);
      this.pending = undefined;
      options.signal?.removeEventListener('abort', abort);
    }
  }

  /** A child that hangs would hold its request for ever, since the worker goes on renewing the lease. */
  private watchSilence(): void {
    this.silence = setTimeout(() => {
      this.pending?.reject(new AppError('inference.timeout', `The inference process said nothing for ${SILENCE_MS / 60_000} minutes; it is started again.`));
      this.child.kill();
    }, SILENCE_MS);
  }

  private hear(reply: FromChild): void {
    if (reply.id !== this.pending?.id) return;
    this.silence?.refresh();
    if (reply.type === 'progress') this.pending.onProgress?.(reply.progress);
    else if (reply.type === 'piece') this.pending.onPiece?.(reply.piece);
    else if (reply.type === 'result') this.pending.resolve(reply.value);
    else this.pending.reject(fromWire(reply.error));
  }

  private lost(how: string, cause: Error | undefined): void {
    this.card = undefined; // the folder may hold another checkpoint by then
    const died = new AppError('inference.child_died', `The inference process died (${how}); the next request starts it again.`, { cause });
    this.pending?.reject(this.child.isClosed ? new AppError('inference.closed', 'The model was closed while it worked.') : died);
  }
}
