// Videos that lack vectors: asked from time to time, as the look goes over all segments.
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../src/app-error.js';
import { EMBEDDERS, type Embedder, type Embedders, VectorStore } from '../src/embeddings/index.js';
import { embedSegments } from '../src/embeddings/embeddings.job.js';
import { CONFIG, type Config } from '../src/platform/config/config.js';
import { log } from '../src/platform/log/log.js';

const LOOK_MS = 30_000;
const VIDEOS_PER_LOOK = 100;

@Injectable()
export class DueVectors {
  private lookedAt = -Infinity;
  /** The last video of a list that was cut off: the next look goes on behind it, so that videos that get nowhere hold up no other. */
  private after: string | undefined;

  constructor(
    private readonly vectors: VectorStore,
    @Inject(EMBEDDERS) private readonly embedders: Embedders,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Ids of videos; most calls return at once, and those of a worker that embeds nothing: it opens no embedder. */
  async list(now: number = Date.now()): Promise<string[]> {
    const { texts, pictures } = this.embedders;
    if (!this.config.WORKER_ROLES.includes(embedSegments.role)) return [];
    if ((!texts && !pictures) || now - this.lookedAt < LOOK_MS) return [];
    this.lookedAt = now;
    const names = { texts: await nameOf(texts), pictures: await nameOf(pictures) };
    const due = await this.vectors.videosWithout(names, { limit: VIDEOS_PER_LOOK, after: this.after });
    this.after = due.length < VIDEOS_PER_LOOK ? undefined : due.at(-1);
    return due;
  }
}

/** Undefined where the embedder cannot be opened: then it has no vectors to give either. */
async function nameOf(embedder: Embedder | undefined): Promise<string | undefined> {
  try {
    return await embedder?.name();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    log.warn({ err: error }, 'an embedder cannot be opened');
    return undefined;
  }
}
