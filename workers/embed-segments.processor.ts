// Job embed-segments: vectors for what was said of a video and for what is seen of it, where it has none yet.
import { Inject, Injectable } from '@nestjs/common';
import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';
import { AppError } from '../src/app-error.js';
import { type ChunkWithoutVectors, type Embedder, EMBEDDERS, type Embedders, type PictureEmbedder, ServerVectors, VectorStore } from '../src/embeddings/index.js';
import { log } from '../src/platform/log/log.js';
import { STORAGE, type Storage } from '../src/platform/storage/storage.js';

const TEXTS_AT_A_TIME = 256;
const PICTURES_AT_A_TIME = 64;

@Injectable()
export class EmbedSegmentsProcessor {
  constructor(
    private readonly vectors: VectorStore,
    private readonly server: ServerVectors,
    @Inject(EMBEDDERS) private readonly embedders: Embedders,
    @Inject(STORAGE) private readonly storage: Storage,
  ) {}

  /** What an embedder that is away leaves undone is found and rung for again by the sweeper. */
  async process(videoId: string, stopping: AbortSignal): Promise<void> {
    const { texts, pictures } = this.embedders;
    try {
      await this.vectors.alone(videoId, async () => {
        if (texts) await this.embedTexts(texts, videoId, stopping);
        if (pictures) await this.embedPictures(pictures, videoId, stopping);
      });
    } catch (error) {
      if (!(error instanceof AppError) || stopping.aborted) throw error;
      log.warn({ err: error, video: videoId }, 'no vectors for now; the sweeper rings again');
    }
  }

  private async embedTexts(embedder: Embedder, videoId: string, signal: AbortSignal): Promise<void> {
    const model = await embedder.name();
    for (;;) {
      const rows = await this.vectors.textsWithout(model, videoId, TEXTS_AT_A_TIME);
      if (rows.length === 0) return;
      const vectors = await vectorsOrRefusals(rows.map(({ text }) => text), (texts) => embedder.texts(texts, { signal }));
      await this.vectors.storeTexts(model, videoId, rows.map(({ id }, k) => ({ id, vector: vectors[k] ?? new Float32Array() })));
      await this.server.index(vectors.find((vector) => vector !== undefined)?.length ?? 0);
    }
  }

  private async embedPictures(embedder: PictureEmbedder, videoId: string, signal: AbortSignal): Promise<void> {
    const model = await embedder.name();
    for (const chunk of await this.vectors.chunksWithout(model, videoId)) {
      signal.throwIfAborted();
      const seconds = await this.secondsOrNone(videoId, chunk);
      const vectors: (Float32Array | undefined)[] = [];
      for (let from = 0; from < seconds.length; from += PICTURES_AT_A_TIME) {
        const pngs = seconds.slice(from, from + PICTURES_AT_A_TIME).map(({ png }) => png);
        vectors.push(...(await vectorsOrRefusals(pngs, (pictures) => embedder.pictures(pictures, { signal }))));
      }
      const marks = seconds.length > 0 ? seconds : [wholeOf(chunk)];
      // all at once: a chunk that has some vectors counts as one that has them all
      await this.vectors.storeSeconds(model, videoId, marks.map(({ second, until }, k) => ({ second, until, vector: vectors[k] ?? new Float32Array() })));
    }
  }

  /** Nothing where the sheet is gone or broken: it will be so the next time. */
  private async secondsOrNone(videoId: string, chunk: ChunkWithoutVectors): Promise<Second[]> {
    try {
      return await secondsOf(chunk, await buffer(await this.storage.open(chunk.spriteKey)));
    } catch (error) {
      const { code } = error as { code?: string };
      if (code !== undefined && code !== 'storage.not_found') throw error;
      log.warn({ err: error, video: videoId, chunk: chunk.ordinal }, 'a sheet of thumbnails cannot be read; its seconds are not searched by meaning');
      return [];
    }
  }
}

interface Second {
  readonly second: number;
  readonly until: number;
  readonly png: Uint8Array;
}

const wholeOf = ({ startTime, endTime }: ChunkWithoutVectors) => ({ second: Math.floor(startTime), until: Math.max(Math.floor(startTime) + 1, Math.ceil(endTime)) });

/** The thumbnails of a chunk, at most one a second, each until the next. */
async function secondsOf({ startTime, endTime, sprite }: ChunkWithoutVectors, jpeg: Uint8Array): Promise<Second[]> {
  const { data, info } = await sharp(jpeg).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const { columns, tileWidth: width, tileHeight: height, times } = sprite;
  const sheet = { raw: { width: info.width, height: info.height, channels: info.channels } };
  const seconds = new Map<number, Uint8Array>();
  for (const [k, time] of times.entries()) {
    const second = Math.max(Math.floor(time), Math.floor(startTime)); // a picture held from before counts for the first second
    if (seconds.has(second)) continue;
    const place = { left: (k % columns) * width, top: Math.floor(k / columns) * height, width, height };
    seconds.set(second, await sharp(data, sheet).extract(place).png({ compressionLevel: 1 }).toBuffer());
  }
  const starts = [...seconds.keys(), Math.ceil(endTime)];
  return [...seconds].map(([second, png], k) => ({ second, png, until: Math.max(second + 1, starts[k + 1] ?? 0) }));
}

/** One by one where the embedder refuses the lot; undefined for what it refuses, so that it is not sent again. */
async function vectorsOrRefusals<T>(items: readonly T[], embed: (items: readonly T[]) => Promise<Float32Array[]>): Promise<readonly (Float32Array | undefined)[]> {
  try {
    return await embed(items);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (items.length === 1) {
      log.warn({ err: error }, 'the embedder refuses a text or a picture; it is not searched by meaning');
      return [undefined];
    }
    const half = items.length >> 1;
    return [...(await vectorsOrRefusals(items.slice(0, half), embed)), ...(await vectorsOrRefusals(items.slice(half), embed))];
  }
}

const isRefusal = (error: unknown): boolean => error instanceof AppError && error.code === 'embeddings.refused';
