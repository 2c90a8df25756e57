// The frame index of each video at hand, read from the container once and kept for whoever looks at it next.
import { Injectable } from '@nestjs/common';
import { AppError } from '../app-error.js';
import { Media, type StreamIndex, type VideoStream } from '../platform/media/index.js';
import { type Video } from './video.entity.js';
import { contentMissing } from './video.errors.js';
import { VideosService } from './videos.service.js';

export interface IndexedStream {
  readonly stream: VideoStream;
  readonly index: StreamIndex;
}

/** An hour at 30 frames per second takes about a megabyte. */
const KEPT = 16;

@Injectable()
export class FrameIndexes {
  private readonly kept = new Map<string, Promise<IndexedStream>>();

  constructor(
    private readonly media: Media,
    private readonly videos: VideosService,
  ) {}

  of(video: Video): Promise<IndexedStream> {
    const found = this.kept.get(video.id) ?? this.read(video);
    this.kept.delete(video.id);
    this.kept.set(video.id, found); // last used, last in
    found.catch(() => this.kept.delete(video.id));
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= KEPT) break;
      this.kept.delete(oldest);
    }
    return found;
  }

  private async read(video: Video): Promise<IndexedStream> {
    const file = this.videos.pathOf(video);
    const { video: stream } = await this.media.probe(file).catch((error: unknown) => {
      throw error instanceof AppError && error.code === 'file.not_found' ? contentMissing(video.id, error) : error;
    });
    return { stream, index: await this.media.indexFrames(file, stream) };
  }
}
