// Videos: received to storage, probed before they are accepted, listed, streamed, deleted.
import { Inject, Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { DataSource, In, LessThan, type Repository } from 'typeorm';
import { z } from 'zod';
import { AppError } from '../app-error.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { newId } from '../platform/database/id.js';
import { cutPage, decodeCursor, type PageQuery } from '../platform/http/cursor.js';
import { Media } from '../platform/media/index.js';
import { type ReceivedObject, STORAGE, type Storage } from '../platform/storage/storage.js';
import { Video } from './video.entity.js';
import { asRefusal } from './video.errors.js';

/** An object is nobody's when it has no video and is older than the probing of one may take. */
const ORPHAN_MS = 24 * 3600 * 1000;
/** How often the storage is gone through for such objects. */
const ORPHAN_SEARCH_MS = 3600 * 1000;
const ORPHANS_PER_LOOK = 500;

const listKey = z.tuple([z.uuid()]);

@Injectable()
export class VideosService {
  private readonly videos: Repository<Video>;
  private orphansSoughtAt = -Infinity;

  constructor(
    dataSource: DataSource,
    private readonly media: Media,
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
  async accept(received: ReceivedObject, name: string): Promise<Video> {
    try {
      return await this.insert(received, name);
    } catch (error) {
      await this.discard(received);
      throw asRefusal(error);
    }
  }

  private async insert(received: ReceivedObject, name: string): Promise<Video> {
    const { container, video, hasAudio } = await this.media.probe(received.path);
    const index = await this.media.indexFrames(received.path, video);
    const { num, den } = index.timeBase;
    const first = index.originPts;
    return this.videos.save(
      this.videos.create({
        id: newId(),
        name,
        bytes: String(received.bytes),
        sha256: received.sha256,
        storageKey: received.key,
        status: 'ready',
        container,
        codec: video.codec,
        width: video.width,
        height: video.height,
        rotation: video.rotation,
        frameRate: video.averageFrameRate ? video.averageFrameRate.num / video.averageFrameRate.den : null,
        timeBaseNum: num,
        timeBaseDen: den,
        streamIndex: video.streamIndex,
        startTime: (first * num) / den,
        duration: ((index.endPts - first) * num) / den,
        decodedUntil: null,
        hasAudio,
      }),
    );
  }

  /** Newest first: ids are made in order of time. */
  async list({ limit, cursor }: PageQuery) {
    const after = decodeCursor(cursor, listKey);
    const rows = await this.videos.find({
      where: { status: 'ready', ...(after && { id: LessThan(after[0]) }) },
      order: { id: 'DESC' },
      take: limit + 1,
    });
    return cutPage(rows, limit, (video) => [video.id]);
  }

  /** Rejects with `video.not_found`. */
  async get(id: string): Promise<Video> {
    const video = await this.videos.findOneBy({ id, status: 'ready' });
    if (!video) throw new AppError('video.not_found', `There is no video ${id}.`);
    return video;
  }

  /** Where the bytes lie on this machine. */
  pathOf(video: Video): string {
    return this.storage.pathOf(video.storageKey);
  }

  /** Records how far the video really decodes. */
  async setDecodedUntil(id: string, seconds: number): Promise<void> {
    await this.videos.update({ id }, { decodedUntil: seconds });
  }

  /** The row goes last: a crash in between leaves a video marked `deleting` that the sweeper finishes. */
  async delete(id: string): Promise<void> {
    const video = await this.get(id);
    await this.videos.update({ id }, { status: 'deleting' });
    await this.finishDelete(video);
  }

  /** Completes deletions that a crash interrupted. */
  async finishDeletes(): Promise<void> {
    for (const video of await this.videos.findBy({ status: 'deleting' })) await this.finishDelete(video);
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
    const videos = await this.videos.find({ select: { storageKey: true }, where: { storageKey: In(keys) } });
    const known = new Set(videos.map(({ storageKey }) => storageKey));
    for (const key of keys) if (!known.has(key)) await this.storage.remove(key);
  }

  private async finishDelete(video: Video): Promise<void> {
    await this.storage.remove(video.storageKey);
    await this.videos.delete({ id: video.id });
  }
}
