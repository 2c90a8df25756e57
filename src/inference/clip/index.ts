// Front door of the CLIP pair: a forked child, since onnxruntime blocks the thread it runs on.
import { AppError } from '../../app-error.js';
import { compiledModule } from '../../platform/embedded/compiled-module.js';
import { ForkedChild } from '../forked-child.js';
import { fromWire } from '../protocol.js';
import { type ClipSettings, type FromClip, type ToClip } from './clip-protocol.js';

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
  private readonly child: ForkedChild<ToClip, FromClip>;
  private known: string | undefined; // name of the pair in the child that lives now
  private readonly pending = new Map<number, Pending>();
  private nextId = 1;

  constructor(settings: ClipSettings) {
    const module = compiledModule('./clip-child.js', import.meta.url);
    this.child = new ForkedChild({ module, settings, onReply: (reply) => this.hear(reply), onLost: (how, cause) => this.lost(how, cause) });
  }

  /** Process id of the child that lives now. */
  get pid(): number | undefined {
    return this.child.pid;
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

  close(): Promise<void> {
    return this.child.close();
  }

  private async ask(question: Ask, signal?: AbortSignal): Promise<FromClipValue> {
    signal?.throwIfAborted();
    if (this.child.isClosed) throw new AppError('embeddings.unavailable', 'The CLIP pair has been closed.');
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
          this.child.kill();
        }, ANSWER_MS);
        this.child.send({ ...question, id });
      });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      this.pending.delete(id);
    }
  }

  private hear(reply: FromClip): void {
    const asked = this.pending.get(reply.id);
    if (reply.type === 'result') asked?.resolve(reply.value);
    else asked?.reject(fromWire(reply.error));
  }

  private lost(how: string, cause: Error | undefined): void {
    this.known = undefined; // the folder may hold another pair by then
    for (const { reject } of this.pending.values()) {
      reject(new AppError('embeddings.unavailable', `The CLIP process died (${how}); the next request starts it again.`, { cause }));
    }
  }
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}
