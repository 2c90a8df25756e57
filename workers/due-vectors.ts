// Videos that lack vectors: asked from time to time, as a look at all goes over every segment; where nothing was lacking, over what came since.
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../src/app-error.js';
import { EMBEDDERS, type Embedder, type Embedders, VectorStore } from '../src/embeddings/index.js';
import { embedSegments } from '../src/embeddings/embeddings.job.js';
import { CONFIG, type Config } from '../src/platform/config/config.js';
import { firstIdOf } from '../src/platform/database/id.js';
import { log } from '../src/platform/log/log.js';

const LOOK_MS = 30_000;
const VIDEOS_PER_LOOK = 100;

/** All segments are looked at this often: an older analysis may have become the current one. */
const LOOK_AT_ALL_MS = 3_600_000;

/** How much later than its id is made a segment may be seen at the latest, by any clock. */
const LATE_MS = 600_000;

@Injectable()
export class DueVectors {
  private lookedAt = -Infinity;
  private lookedAtAllAt = -Infinity;
  /** When nothing was lacking. */
  private cleanAt = -Infinity;
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
    if (now - this.lookedAtAllAt >= LOOK_AT_ALL_MS) this.cleanAt = -Infinity;
    if (this.cleanAt === -Infinity) this.lookedAtAllAt = now;
    const since = firstIdOf(this.cleanAt - LATE_MS);
    const due = await this.vectors.videosWithout(names, { limit: VIDEOS_PER_LOOK, after: this.after, since });
    if (due.length === 0) this.cleanAt = now;
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
