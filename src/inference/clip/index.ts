// Front door of the CLIP pair: a forked child, since onnxruntime blocks the thread it runs on.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { AppError } from '../../app-error.js';
import { compiledModule } from '../../platform/embedded/compiled-module.js';
import { fromWire } from '../protocol.js';
import { type ClipSettings, type FromClip, type ToClip } from './clip-protocol.js';

/** How long a child may take to leave before it is killed. */
const LEAVE_MS = 3000;

/** Longest that one request, and those before it, may take: loading a pair takes seconds, a batch less. */
const ANSWER_MS = 120_000;

interface Pending {
  readonly resolve: (value: FromClipValue) => void;
  readonly reject: (error: AppError) => void;
}

type FromClipValue = string | readonly Float32Array[];
type Ask = { readonly type: 'name' } | { readonly type: 'texts'; readonly texts: readonly string[] } | { readonly type: 'pictures'; readonly pictures: readonly Uint8Array[] };

interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** The child is forked at first need, and again after it died. Fits the picture embedder of src/embeddings. */
export class ClipChild {
  private child: ChildProcess | undefined;
  private known: string | undefined;
  private readonly pending = new Map<number, Pending>();
  private nextId = 1;
  private closed = false;

  constructor(private readonly settings: ClipSettings) {}

  /** Process id of the child that lives now. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  async name(): Promise<string> {
    this.known ??= (await this.ask({ type: 'name' })) as string;
    return this.known;
  }

  async texts(texts: readonly string[], { signal }: CallOptions = {}): Promise<Float32Array[]> {
    return ((await this.ask({ type: 'texts', texts }, signal)) as Float32Array[]).map(unit);
  }

  async pictures(pictures: readonly Uint8Array[], { signal }: CallOptions = {}): Promise<Float32Array[]> {
    return ((await this.ask({ type: 'pictures', pictures }, signal)) as Float32Array[]).map(unit);
  }

  async close(): Promise<void> {
    this.closed = true;
    const { child } = this;
    if (!child) return;
    const gone = once(child, 'exit');
    const killer = setTimeout(() => child.kill('SIGKILL'), LEAVE_MS);
    if (child.connected) child.disconnect();
    await gone;
    clearTimeout(killer);
  }

  private async ask(question: Ask, signal?: AbortSignal): Promise<FromClipValue> {
    signal?.throwIfAborted();
    const child = this.start();
    const id = this.nextId++;
    let timer: NodeJS.Timeout | undefined;
    let onAbort = (): void => undefined;
    try {
      return await new Promise<FromClipValue>((resolve, reject) => {
        this.pending.set(id, { resolve, reject });
        onAbort = () => reject(new AppError('embeddings.unavailable', 'The request was aborted.'));
        signal?.addEventListener('abort', onAbort);
        timer = setTimeout(() => {
          reject(new AppError('embeddings.unavailable', `The CLIP process did not answer within ${ANSWER_MS / 1000} s; it is started again.`));
          child.kill('SIGKILL');
        }, ANSWER_MS);
        child.send({ ...question, id } satisfies ToClip, (error) => error && this.lose(child, error));
      });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      this.pending.delete(id);
    }
  }

  private start(): ChildProcess {
    if (this.closed) throw new AppError('embeddings.unavailable', 'The CLIP pair has been closed.');
    if (this.child) return this.child;
    const child = fork(compiledModule('./clip-child.js', import.meta.url), [JSON.stringify(this.settings)], {
      serialization: 'advanced', // typed arrays cross as they are
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.on('message', (reply: FromClip) => this.hear(reply));
    child.once('exit', () => this.lose(child));
    child.once('error', (error) => this.lose(child, error));
    this.child = child;
    return child;
  }

  private hear(reply: FromClip): void {
    const asked = this.pending.get(reply.id);
    if (reply.type === 'result') asked?.resolve(reply.value);
    else asked?.reject(fromWire(reply.error));
  }

  private lose(child: ChildProcess, cause?: Error): void {
    if (this.child !== child) return;
    this.child = undefined;
    this.known = undefined; // the folder may hold another pair by then
    const how = child.signalCode ?? (child.exitCode === null ? 'no reply' : `exit code ${child.exitCode}`);
    for (const { reject } of this.pending.values()) {
      reject(new AppError('embeddings.unavailable', `The CLIP process died (${how}); the next request starts it again.`, { cause }));
    }
  }
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}
