// Videos: received to storage, probed before they are accepted, listed, streamed, deleted.
import { Inject, Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { DataSource, type EntityManager, LessThan, type Repository } from 'typeorm';
import { z } from 'zod';
import { AppError } from '../app-error.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { newId } from '../platform/database/id.js';
import { cutPage, decodeCursor, type PageQuery } from '../platform/http/cursor.js';
import { Media } from '../platform/media/index.js';
import { QUEUE, type Queue } from '../platform/queue/queue.js';
import { requireVideoQuota } from '../quotas/index.js';
import { type ReceivedObject, STORAGE, type Storage } from '../platform/storage/storage.js';
import { tell } from '../webhooks/index.js';
import { FrameIndexes } from './frame-indexes.js';
import { Video } from './video.entity.js';
import { beginScan } from './video.job.js';
import { asRefusal } from './video.errors.js';

/** An object is nobody's when it has no video and is older than the probing of one may take. */
const ORPHAN_MS = 24 * 3600 * 1000;
/** How often the storage is gone through for such objects. */
const ORPHAN_SEARCH_MS = 3600 * 1000;
const ORPHANS_PER_LOOK = 500;

const listKey = z.tuple([z.uuid()]);

export interface NewVideo {
  readonly tenantId: string;
  /** File name given at upload. */
  readonly name: string;
}

@Injectable()
export class VideosService {
  private readonly videos: Repository<Video>;
  private orphansSoughtAt = -Infinity;

  constructor(
    private readonly dataSource: DataSource,
    private readonly media: Media,
    private readonly indexes: FrameIndexes,
    @Inject(QUEUE) private readonly queue: Queue,
    @Inject(STORAGE) private readonly storage: Storage,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    this.videos = dataSource.getRepository(Video);
  }

  /** Stores the stream; it is to be accepted or discarded. Rejects with `video.too_large`, and keeps nothing then. */
  receive(file: Readable): Promise<ReceivedObject> {
    return this.storage.receive(file, {
      maxBytes: this.config.UPLOAD_MAX_BYTES,
      tooLarge: () =>
        new AppError('video.too_large', `The file is larger than ${this.config.UPLOAD_MAX_BYTES} bytes, the limit here.`),
    });
  }

  async discard({ key }: ReceivedObject): Promise<void> {
    await this.storage.remove(key);
  }

  /** Makes a video of what was received, or refuses it with a `video.*` code and keeps nothing. */
  async accept(received: ReceivedObject, { tenantId, name }: NewVideo): Promise<Video> {
    let video: Video;
    try {
      video = await this.insert(received, { tenantId, name });
    } catch (error) {
      await this.discard(received);
      throw asRefusal(error);
    }
    await this.queue.ring(beginScan, video.id);
    return video;
  }

  private async insert(received: ReceivedObject, { tenantId, name }: NewVideo): Promise<Video> {
    const { container, video: stream, hasAudio } = await this.media.probe(received.path);
    const index = await this.media.indexFrames(received.path, stream);
    const { num, den } = index.timeBase;
    const video = this.videos.create({
      id: newId(),
      tenantId,
      name,
      bytes: String(received.bytes),
      sha256: received.sha256,
      storageKey: received.key,
      workKey: null,
      status: 'ready',
      container,
      codec: stream.codec,
      width: stream.width,
      height: stream.height,
      rotation: stream.rotation,
      frameRate: stream.averageFrameRate ? stream.averageFrameRate.num / stream.averageFrameRate.den : null,
      timeBaseNum: num,
      timeBaseDen: den,
      streamIndex: stream.streamIndex,
      startTime: (index.originPts * num) / den,
      duration: ((index.endPts - index.originPts) * num) / den,
      decodedUntil: null,
      recordedAt: null,
      hasAudio,
    });
    return this.dataSource.transaction(async (manager) => {
      await requireVideoQuota(manager, this.config, video);
      const accepted = await manager.save(video);
      await this.indexes.store(manager, accepted, { stream, index });
      const data = { video_id: accepted.id, name, duration: accepted.duration };
      await tell(manager, { type: 'video.ready', data, url: `/v1/videos/${accepted.id}`, of: { videoId: accepted.id } });
      return accepted;
    });
  }

  /** Newest first: ids are made in order of time. */
  async list(tenantId: string, { limit, cursor }: PageQuery) {
    const after = decodeCursor(cursor, listKey);
    const rows = await this.videos.find({
      where: { tenantId, status: 'ready', ...(after && { id: LessThan(after[0]) }) },
      order: { id: 'DESC' },
      take: limit + 1,
    });
    return cutPage(rows, limit, (video) => [video.id]);
  }

  /** Rejects with `video.not_found`, for a video of another tenant too. */
  get(id: string, tenantId: string): Promise<Video> {
    return this.find({ id, tenantId });
  }

  /** For work on a video that was accepted, whomever it belongs to. Rejects with `video.not_found`. */
  load(id: string): Promise<Video> {
    return this.find({ id });
  }

  private async find({ id, ...owner }: { id: string; tenantId?: string }): Promise<Video> {
    const video = await this.videos.findOneBy({ id, ...owner, status: 'ready' });
    if (!video) throw new AppError('video.not_found', `There is no video ${id}.`);
    return video;
  }

  /** The row goes last: a crash in between leaves a video marked `deleting` that the sweeper finishes. */
  async delete(id: string, tenantId: string): Promise<void> {
    const video = await this.get(id, tenantId);
    await this.videos.update({ id }, { status: 'deleting' });
    await this.finishDelete(video);
  }

  /** Completes deletions that a crash interrupted. */
  async finishDeletes(): Promise<void> {
    for (const video of await this.videos.findBy({ status: 'deleting' })) await this.finishDelete(video);
  }

  /** Of sha-256 sums, those that are the content of a video. */
  async contentsOf(hashes: readonly string[]): Promise<Set<string>> {
    const rows = await this.dataSource.query<{ sha256: string }[]>('SELECT DISTINCT sha256 FROM videos WHERE sha256 = ANY($1)', [hashes]);
    return new Set(rows.map(({ sha256 }) => sha256));
  }

  /** Removes the objects that a crash left without a video; most calls return at once. */
  async removeOrphans(): Promise<void> {
    const now = Date.now();
    if (now - this.orphansSoughtAt < ORPHAN_SEARCH_MS) return;
    this.orphansSoughtAt = now;
    let old: string[] = [];
    for await (const { key, storedAt } of this.storage.list()) {
      if (now - storedAt.getTime() < ORPHAN_MS) continue;
      if (old.push(key) < ORPHANS_PER_LOOK) continue;
      await this.removeUnknown(old);
      old = [];
    }
    await this.removeUnknown(old);
  }

  private async removeUnknown(keys: readonly string[]): Promise<void> {
    const rows = await this.dataSource.query<{ key: string }[]>('SELECT key FROM stored_objects WHERE key = ANY($1)', [keys]);
    const known = new Set(rows.map(({ key }) => key));
    for (const key of keys) if (!known.has(key)) await this.storage.remove(key);
  }

  /** What is written down while the objects are removed is removed after the row. */
  private async finishDelete({ id }: Video): Promise<void> {
    for (const key of await objectsOf(this.dataSource.manager, id)) await this.storage.remove(key);
    const late = await this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT 1 FROM videos WHERE id = $1 FOR UPDATE', [id]); // whoever holds the video ends first
      const keys = await objectsOf(manager, id);
      await manager.delete(Video, { id });
      return keys;
    });
    for (const key of late) await this.storage.remove(key);
  }
}

async function objectsOf(manager: EntityManager, videoId: string): Promise<string[]> {
  const rows = await manager.query<{ key: string }[]>('SELECT key FROM stored_objects WHERE video_id = $1', [videoId]);
  return rows.map(({ key }) => key);
}
