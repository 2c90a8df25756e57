// Job embed-segments: vectors for what was said of a video and for what is seen of it, where it has none yet.
import { Inject, Injectable } from '@nestjs/common';
import sharp from 'sharp';
import { AppError } from '../src/app-error.js';
import { type ChunkWithoutVectors, type Embedder, EMBEDDERS, type Embedders, type PictureEmbedder, VectorStore } from '../src/embeddings/index.js';
import { log } from '../src/platform/log/log.js';
import { STORAGE, type Storage } from '../src/platform/storage/storage.js';

const TEXTS_AT_A_TIME = 256;
const PICTURES_AT_A_TIME = 64;

@Injectable()
export class EmbedSegmentsProcessor {
  constructor(
    private readonly vectors: VectorStore,
    @Inject(EMBEDDERS) private readonly embedders: Embedders,
    @Inject(STORAGE) private readonly storage: Storage,
  ) {}

  /** What an embedder that is away leaves undone is found and rung for again by the sweeper. */
  async process(videoId: string, stopping: AbortSignal): Promise<void> {
    const { texts, pictures } = this.embedders;
    try {
      if (texts) await this.embedTexts(texts, videoId, stopping);
      if (pictures) await this.embedPictures(pictures, videoId, stopping);
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
      const vectors = await textsOrRefusals(embedder, rows.map(({ text }) => text), signal);
      await this.vectors.storeTexts(model, rows.map(({ id }, k) => ({ id, vector: vectors[k] ?? new Float32Array() })));
    }
  }

  private async embedPictures(embedder: PictureEmbedder, videoId: string, signal: AbortSignal): Promise<void> {
    const model = await embedder.name();
    for (const chunk of await this.vectors.chunksWithout(model, videoId)) {
      const seconds = await this.secondsOf(chunk);
      const vectors: Float32Array[] = [];
      for (let from = 0; from < seconds.length; from += PICTURES_AT_A_TIME) {
        const some = seconds.slice(from, from + PICTURES_AT_A_TIME);
        vectors.push(...(await embedder.pictures(some.map(({ png }) => png), { signal })));
      }
      // all at once: a chunk that has some vectors counts as one that has them all
      await this.vectors.storeSeconds(model, videoId, seconds.map(({ second, until }, k) => ({ second, until, vector: vectors[k] ?? new Float32Array() })));
    }
  }

  /** The thumbnails of a chunk, at most one a second, each until the next. */
  private async secondsOf({ startTime, endTime, spriteKey, sprite }: ChunkWithoutVectors): Promise<{ second: number; until: number; png: Uint8Array }[]> {
    const { data, info } = await sharp(this.storage.pathOf(spriteKey)).removeAlpha().raw().toBuffer({ resolveWithObject: true });
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
}

/** One by one where the embedder refuses the lot; undefined for a text that it refuses, so that it is not sent again. */
async function textsOrRefusals(embedder: Embedder, texts: readonly string[], signal: AbortSignal): Promise<readonly (Float32Array | undefined)[]> {
  try {
    return await embedder.texts(texts, { signal });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (texts.length === 1) {
      log.warn({ err: error }, 'the embedder refuses a text; it is searched by its words alone');
      return [undefined];
    }
    const half = texts.length >> 1;
    return [...(await textsOrRefusals(embedder, texts.slice(0, half), signal)), ...(await textsOrRefusals(embedder, texts.slice(half), signal))];
  }
}

const isRefusal = (error: unknown): boolean => error instanceof AppError && error.code === 'embeddings.refused';
