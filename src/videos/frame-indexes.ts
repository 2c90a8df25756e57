// The frame index of each video at hand, read from the container when the video is accepted and kept for whoever looks at it next.
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Media, type StreamIndex, type VideoStream } from '../platform/media/index.js';
import { packTimes, unpackTimes } from './packed-times.js';
import { type Video } from './video.entity.js';
import { StoredStream } from './video-stream.entity.js';
import { VideoFiles } from './video-files.js';

export interface IndexedStream {
  readonly stream: VideoStream;
  readonly index: StreamIndex;
}

interface KeptIndex {
  readonly found: Promise<IndexedStream>;
  frames: number; // 0 until it is found
}

/** Frames of all kept indexes together, 8 bytes each; the last used one is kept however long it is. */
const KEPT_FRAMES = 1_000_000;

@Injectable()
export class FrameIndexes {
  private readonly kept = new Map<string, KeptIndex>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly media: Media,
    private readonly files: VideoFiles,
  ) {}

  /** Of the file that is decoded now. Rejects with `video.content_missing` and as `Media.indexFrames` does. */
  of(video: Video): Promise<IndexedStream> {
    const key = `${video.id} ${video.workKey ?? ''}`;
    const entry = this.kept.get(key) ?? this.begin(video, key);
    this.kept.delete(key);
    this.kept.set(key, entry); // last used, last in
    this.bound();
    return entry.found;
  }

  /** Stores the index of the file that is decoded from now on, inside the caller's transaction. */
  async store(manager: EntityManager, video: Pick<Video, 'id' | 'workKey'>, indexed: IndexedStream): Promise<void> {
    await manager.upsert(StoredStream, rowOf(video, indexed), ['videoId']);
  }

  private begin(video: Video, key: string): KeptIndex {
    const entry: KeptIndex = { found: this.load(video), frames: 0 };
    entry.found.then(
      ({ index }) => (entry.frames = index.pts.length),
      () => this.kept.get(key) === entry && this.kept.delete(key),
    );
    return entry;
  }

  private async load(video: Video): Promise<IndexedStream> {
    const row = await this.dataSource.getRepository(StoredStream).findOneBy({ videoId: video.id });
    return row?.workKey === video.workKey ? indexedOf(row) : this.read(video);
  }

  /** A video that was accepted before indexes were stored, or one of which the caller knew before it had a copy: the copy's index is kept. */
  private async read(video: Video): Promise<IndexedStream> {
    const indexed = await this.files.withDecoded(video, async (file) => {
      const { video: stream } = await this.media.probe(file);
      return { stream, index: await this.media.indexFrames(file, stream) };
    });
    await this.dataSource.createQueryBuilder().insert().into(StoredStream).values(rowOf(video, indexed)).orIgnore().execute();
    return indexed;
  }

  private bound(): void {
    const held = (): number => [...this.kept.values()].reduce((sum, { frames }) => sum + frames, 0);
    for (const oldest of [...this.kept.keys()].slice(0, -1)) {
      if (held() <= KEPT_FRAMES) break;
      this.kept.delete(oldest);
    }
  }
}

function rowOf({ id: videoId, workKey }: Pick<Video, 'id' | 'workKey'>, { stream, index }: IndexedStream): StoredStream {
  const { originPts, endPts, pts, keyframePts } = index;
  return { videoId, workKey, stream: { ...stream }, originPts, endPts, pts: packTimes(pts), keyframes: packTimes(keyframePts) };
}

function indexedOf({ stream, originPts, endPts, pts, keyframes }: StoredStream): IndexedStream {
  return { stream, index: { timeBase: stream.timeBase, originPts, endPts, pts: unpackTimes(pts), keyframePts: unpackTimes(keyframes) } };
}
