// Renders stretches of stored videos into one stored MP4 file: what cuts and proxies have in common.
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../src/app-error.js';
import { framesBetween, Media, PIECE_BYTES, type ReelClip } from '../src/platform/media/index.js';
import { STORAGE, type Storage } from '../src/platform/storage/storage.js';
import { FrameIndexes, type Video, VideoFiles, VideosService } from '../src/videos/index.js';
import { type ProgressNotes } from './progress-notes.js';

/** The reel without where it is written and who is told. */
export type Reel = Omit<Parameters<Media['render']>[0], 'output' | 'beforePiece' | 'onProgress'>;

@Injectable()
export class ReelRenderer {
  constructor(
    private readonly videos: VideosService,
    private readonly files: VideoFiles,
    private readonly indexes: FrameIndexes,
    private readonly media: Media,
    @Inject(STORAGE) private readonly storage: Storage,
  ) {}

  /** The frames from a second of the video up to another; all of them without `range`. Rejects where its bytes are gone. */
  async clipOf(video: Video, range?: { readonly startTime: number; readonly endTime: number }): Promise<ReelClip> {
    this.videos.requireContent(video);
    const { stream, index } = await this.indexes.of(video);
    const frames = range ? framesBetween(index, range.startTime, range.endTime) : { firstFrame: 0, endFrame: index.pts.length };
    return { withFile: <T>(use: (file: string) => Promise<T>) => this.files.withDecoded(video, use), video: stream, index, hasAudio: video.hasAudio, ...frames };
  }

  /** Notes the seconds that are done, after `before`. */
  async render(reel: Reel, notes: ProgressNotes, before = 0) {
    const onProgress = (seconds: number): void => notes.note(before + seconds);
    const beforePiece = (): Promise<void> => this.storage.requireRoom({ objectBytes: PIECE_BYTES });
    const stored = await this.storage.compose((output) => this.media.render({ ...reel, output, onProgress, beforePiece }, notes.signal));
    if (!stored) throw new Error('a rendered file is always there');
    return { key: stored.key, ...stored.made };
  }

  /** What `error` kept from being used; of a commit whose answer was lost nobody knows, and what is nobody's goes with the orphans. */
  async discard(error: unknown, keys: readonly string[]): Promise<void> {
    if (error instanceof AppError) for (const key of keys) await this.storage.remove(key);
  }
}
