// Videos: received to storage, probed before they are accepted, listed, streamed, deleted.
import { Inject, Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { DataSource, LessThan, type Repository } from 'typeorm';
import { z } from 'zod';
import { AppError } from '../app-error.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { newId } from '../platform/database/id.js';
import { cutPage, decodeCursor, type PageQuery } from '../platform/http/cursor.js';
import { Media } from '../platform/media/index.js';
import { type ReceivedObject, STORAGE, type Storage } from '../platform/storage/storage.js';
import { Video } from './video.entity.js';

const listKey = z.tuple([z.uuid()]);

@Injectable()
export class VideosService {
  private readonly videos: Repository<Video>;

  constructor(
    dataSource: DataSource,
    private readonly media: Media,
    @Inject(STORAGE) private readonly storage: Storage,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    this.videos = dataSource.getRepository(Video);
  }

  /** Stores the stream and accepts it as a video, or refuses it with a `video.*` code and keeps nothing. */
  async create(file: Readable, name: string): Promise<Video> {
    const received = await this.storage.receive(file, {
      maxBytes: this.config.UPLOAD_MAX_BYTES,
      tooLarge: () =>
        new AppError('video.too_large', `The file is larger than ${this.config.UPLOAD_MAX_BYTES} bytes, the limit here.`),
    });
    try {
      return await this.accept(received, name);
    } catch (error) {
      await this.storage.remove(received.key);
      throw error;
    }
  }

  private async accept(received: ReceivedObject, name: string): Promise<Video> {
    const { container, video, hasAudio } = await this.media.probe(received.path);
    const index = await this.media.indexFrames(received.path, video);
    const { num, den } = index.timeBase;
    const first = index.pts[0] ?? 0;
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

  private async finishDelete(video: Video): Promise<void> {
    await this.storage.remove(video.storageKey);
    await this.videos.delete({ id: video.id });
  }
}
