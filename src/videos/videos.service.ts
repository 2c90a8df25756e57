// Videos: received to storage, probed before they are accepted, listed, streamed.
import { Inject, Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { DataSource, type EntityManager, QueryFailedError, type Repository } from 'typeorm';
import { AppError } from '../app-error.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { newId } from '../platform/database/id.js';
import { newestFirst } from '../platform/database/newest-first.js';
import { type PageQuery } from '../platform/http/cursor.js';
import { lossOf, Media } from '../platform/media/index.js';
import { QUEUE, type Queue } from '../platform/queue/queue.js';
import { currentTraceparent } from '../platform/tracing/span.js';
import { requireVideoQuota } from '../quotas/index.js';
import { type ByteRange, type ReceivedObject, STORAGE, type Storage } from '../platform/storage/storage.js';
import { tell } from '../webhooks/index.js';
import { FrameIndexes } from './frame-indexes.js';
import { Video } from './video.entity.js';
import { beginScan } from './video.job.js';
import { asRefusal, contentMissing, contentRemoved, tooLarge, videoNotFound } from './video.errors.js';

export interface NewVideo {
  readonly tenantId: string;
  /** File name given at upload. */
  readonly name: string;
}

export interface AcceptedVideo {
  readonly video: Video;
  /** The tenant had a video of the same bytes: it is this one. */
  readonly duplicate: boolean;
}

/** What a form may have besides its file. */
const FORM_BYTES = 128 * 1024;

/** Writes beside the video. */
type Within = (manager: EntityManager, video: Video, duplicate: boolean) => Promise<void>;

@Injectable()
export class VideosService {
  private readonly videos: Repository<Video>;

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

  /** For a form of so many bytes that is to come. Rejects with `video.too_large` or `storage.full`. */
  async requireRoom(formBytes: number): Promise<void> {
    if (formBytes > this.config.UPLOAD_MAX_BYTES + FORM_BYTES) throw tooLarge(this.config.UPLOAD_MAX_BYTES);
    await this.storage.requireRoom({ objectBytes: formBytes });
  }

  /** Stores the stream; it is to be accepted or discarded. Rejects with `video.too_large` or `storage.full`, and keeps nothing then. */
  receive(file: Readable): Promise<ReceivedObject> {
    const maxBytes = this.config.UPLOAD_MAX_BYTES;
    return this.storage.receive(file, { maxBytes, tooLarge: () => tooLarge(maxBytes), readHere: true });
  }

  async discard({ key }: ReceivedObject): Promise<void> {
    await this.storage.remove(key);
  }

  /**
   * Makes a video of what was received, or refuses it with a coded error and keeps nothing. Bytes that are a video of the tenant
   * already are that video: it is answered with, as a duplicate. `within` writes in the same transaction, which it may undo.
   */
  async accept(received: ReceivedObject, newVideo: NewVideo, within: Within = () => Promise.resolve()): Promise<AcceptedVideo> {
    let accepted: AcceptedVideo;
    try {
      accepted = (await this.sameBytes(received, newVideo, within)) ?? (await this.insert(received, newVideo, within));
    } catch (error) {
      if (error instanceof AppError) await this.discard(received); // any other may follow a commit that nobody heard of: what is nobody's then, the search for orphans finds
      throw asRefusal(error);
    }
    if (accepted.video.storageKey !== received.key) await this.discard(received);
    if (!accepted.duplicate) await this.queue.ring(beginScan, accepted.video.id);
    return accepted;
  }

  /** The video that has these bytes; where its own are lost, it gets these. */
  private async sameBytes({ sha256, key }: ReceivedObject, { tenantId }: NewVideo, within: Within): Promise<AcceptedVideo | undefined> {
    return this.dataSource.transaction(async (manager) => {
      const lock = { mode: 'for_no_key_update' } as const; // a deletion waits
      const video = await manager.findOne(Video, { where: { tenantId, sha256, status: 'ready', standsForBytes: true }, lock });
      if (!video) return undefined;
      if (!(await this.storage.has(video.storageKey))) {
        video.storageKey = key;
        await manager.update(Video, { id: video.id }, { storageKey: key });
      }
      await within(manager, video, true);
      return { video, duplicate: true };
    });
  }

  /** Of the same bytes at the same time one is first, and the others find its video. */
  private async insert(received: ReceivedObject, newVideo: NewVideo, within: Within): Promise<AcceptedVideo> {
    try {
      return { video: await this.insertNew(received, newVideo, within), duplicate: false };
    } catch (error) {
      const found = isDoubled(error) ? await this.sameBytes(received, newVideo, within) : undefined;
      if (!found) throw error;
      return found;
    }
  }

  private async insertNew(received: ReceivedObject, { tenantId, name }: NewVideo, within: Within): Promise<Video> {
    const { container, hasAudio, stream, index, listed } = await this.storage.withFile(received.key, async (file) => {
      const { video: stream, ...probed } = await this.media.probe(file);
      return { ...probed, stream, index: await this.media.indexFrames(file, stream) };
    });
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
      warnings: lossOf(listed, index),
      contentRemovedAt: null,
      standsForBytes: true,
      traceparent: currentTraceparent(),
    });
    return this.dataSource.transaction(async (manager) => {
      await requireVideoQuota(manager, this.config, video);
      const accepted = await manager.save(video);
      await this.indexes.store(manager, accepted, { stream, index });
      const data = { video_id: accepted.id, name, duration: accepted.duration };
      await tell(manager, { type: 'video.ready', data, url: `/v1/videos/${accepted.id}`, of: { videoId: accepted.id } });
      await within(manager, accepted, false);
      return accepted;
    });
  }

  /** Newest first. */
  list(tenantId: string, page: PageQuery) {
    return newestFirst(this.videos, { tenantId, status: 'ready' }, page);
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
    if (!video) throw videoNotFound(id);
    return video;
  }

  /** What was uploaded, or the bytes of it that are asked for. Rejects with `video.content_missing`. */
  async content({ id, storageKey }: Video, range?: ByteRange): Promise<Readable> {
    return this.storage.open(storageKey, range).catch((error: unknown) => {
      throw error instanceof AppError && error.code === 'storage.not_found' ? contentMissing(id, error) : error;
    });
  }

  /** Rejects with `video.content_removed` where there is nothing left to look at. */
  requireContent({ id, contentRemovedAt }: Video): void {
    if (contentRemovedAt) throw contentRemoved(id, contentRemovedAt);
  }

  /** Of sha-256 sums, those that are the content of a video that still has it. */
  async contentsOf(hashes: readonly string[]): Promise<Set<string>> {
    const rows = await this.dataSource.query<{ sha256: string }[]>('SELECT DISTINCT sha256 FROM videos WHERE sha256 = ANY($1) AND content_removed_at IS NULL', [hashes]);
    return new Set(rows.map(({ sha256 }) => sha256));
  }
}

/** Another video of the same bytes was committed first. */
const isDoubled = (error: unknown): boolean => error instanceof QueryFailedError && (error.driverError as { constraint?: string }).constraint === 'videos_by_bytes';
