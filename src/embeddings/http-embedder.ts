// The embedder port over an OpenAI-compatible address: POST { model, input } to .../v1/embeddings.
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { AppError } from '../app-error.js';
import { postJson } from '../platform/http/post-json.js';
import { type Embedder, type EmbedOptions, unit } from './embedder.js';

export interface HttpEmbedderSettings {
  /** Up to `/v1`, or the whole address of the endpoint. */
  readonly url: string;
  readonly model: string;
  readonly apiKey?: string | undefined;
  readonly timeoutMs?: number;
  /** Waits before the second and the third try. */
  readonly retryMs?: readonly number[];
}

/** Texts of one request. */
const BATCH = 64;
/** Longer texts are cut: no segment says more, and servers refuse what is longer than their model reads. */
const MOST_CHARACTERS = 4000;
const MAX_BYTES = 64 * 1024 * 1024;

const reply = z.object({ data: z.array(z.object({ index: z.number().int().min(0), embedding: z.array(z.number()).min(1) })) });

export class HttpEmbedder implements Embedder {
  private readonly endpoint: string;
  /** Sides of a vector, as the first answer had them. */
  private sides: number | undefined;

  constructor(private readonly settings: HttpEmbedderSettings) {
    const base = settings.url.replace(/\/+$/, '');
    this.endpoint = base.endsWith('/embeddings') ? base : `${base.endsWith('/v1') ? base : `${base}/v1`}/embeddings`;
  }

  name(): Promise<string> {
    return Promise.resolve(`http:${this.settings.model}`);
  }

  async texts(texts: readonly string[], { signal }: EmbedOptions = {}): Promise<Float32Array[]> {
    const vectors: Float32Array[] = [];
    for (let from = 0; from < texts.length; from += BATCH) {
      const input = texts.slice(from, from + BATCH).map((text) => text.slice(0, MOST_CHARACTERS));
      vectors.push(...this.read(await this.ask(input, signal), input.length));
    }
    return vectors;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private async ask(input: readonly string[], signal: AbortSignal | undefined): Promise<unknown> {
    const { model, apiKey, timeoutMs = 15_000, retryMs = [250, 1000] } = this.settings;
    const headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
    for (let attempt = 0; ; attempt++) {
      try {
        return await postJson(this.endpoint, { model, input }, { headers, timeoutMs, maxBytes: MAX_BYTES, signal });
      } catch (error) {
        const wait = retryMs[attempt];
        if (!isTransient(error) || wait === undefined) throw asEmbeddingFault(error);
        await pause(wait, undefined, { signal });
      }
    }
  }

  /** Throws `embeddings.invalid` for an answer that is not one vector of the known length for each text. */
  private read(body: unknown, count: number): Float32Array[] {
    const parsed = reply.safeParse(body);
    if (!parsed.success) throw new AppError('embeddings.invalid', 'The answer is not a list of embeddings.', { cause: parsed.error });
    const vectors = new Map(parsed.data.data.map(({ index, embedding }) => [index, embedding]));
    const inOrder = Array.from({ length: count }, (_, k) => vectors.get(k) ?? []);
    const sides = this.sides ?? inOrder[0]?.length ?? 0;
    if (vectors.size !== count || inOrder.some((vector) => vector.length !== sides)) {
      throw new AppError('embeddings.invalid', `The answer holds ${vectors.size} vectors for ${count} texts, or not all of them have ${sides} sides.`);
    }
    this.sides = sides;
    return inOrder.map(unit);
  }
}

const statusOf = (error: unknown): number | undefined =>
  error instanceof AppError && error.code === 'http.status' ? (error.details?.['status'] as number) : undefined;

function isTransient(error: unknown): boolean {
  const status = statusOf(error);
  if (status !== undefined) return status === 408 || status === 429 || status >= 500;
  return error instanceof AppError && ['http.unreachable', 'http.interrupted', 'http.timeout'].includes(error.code);
}

/** What the server says of the texts themselves will be said again; all else may pass. */
function asEmbeddingFault(error: unknown): unknown {
  if (!(error instanceof AppError && error.code.startsWith('http.'))) return error;
  const status = statusOf(error);
  const refused = status === 400 || status === 413 || status === 422;
  return new AppError(refused ? 'embeddings.refused' : 'embeddings.unavailable', `No vectors: ${error.message}`, { cause: error });
}
