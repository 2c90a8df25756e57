// Job make-proxy: a video becomes an MP4 that browsers play, every frame at its second.
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../src/app-error.js';
import { Media, PIECE_BYTES, pictureSize } from '../src/platform/media/index.js';
import { STORAGE, type Storage } from '../src/platform/storage/storage.js';
import { type ClaimedProxy, ProxyState } from '../src/proxies/index.js';
import { FrameIndexes, VideoFiles, VideosService } from '../src/videos/index.js';
import { ProgressNotes } from './progress-notes.js';
import { WorkerContext } from './worker-context.js';

const MOST_PIXELS_ACROSS = 1280;

@Injectable()
export class MakeProxyProcessor {
  constructor(
    private readonly state: ProxyState,
    private readonly videos: VideosService,
    private readonly files: VideoFiles,
    private readonly indexes: FrameIndexes,
    private readonly media: Media,
    private readonly context: WorkerContext,
    @Inject(STORAGE) private readonly storage: Storage,
  ) {}

  async process(videoId: string, stopping: AbortSignal): Promise<void> {
    const claimed = await this.state.claim(videoId, this.context.workerId);
    if (!claimed) return;
    const work = {
      attempt: claimed.attempt,
      work: (signal: AbortSignal) => this.make(claimed, signal),
      giveBack: (options: { refund: boolean }) => this.state.giveBack(claimed, options),
      giveUp: (error: AppError) => this.state.fail(claimed, error),
    };
    await this.context.underLease(claimed.lease, work, stopping);
  }

  private async make(claimed: ClaimedProxy, signal: AbortSignal): Promise<void> {
    const video = await this.videos.load(claimed.lease.id);
    this.videos.requireContent(video);
    const { stream, index } = await this.indexes.of(video);
    const clip = { withFile: <T>(use: (file: string) => Promise<T>) => this.files.withDecoded(video, use), video: stream, index, hasAudio: video.hasAudio, firstFrame: 0, endFrame: index.pts.length };
    const size = pictureSize(video, MOST_PIXELS_ACROSS);
    const notes = new ProgressNotes((seconds) => this.state.progress(claimed, seconds), signal);
    const onProgress = (seconds: number): void => notes.note(seconds);
    const beforePiece = (): Promise<void> => this.storage.requireRoom({ objectBytes: PIECE_BYTES });
    const stored = await this.storage.compose((output) => this.media.render({ clips: [clip], output, ...size, quality: 'proxy', onProgress, beforePiece }, notes.signal));
    if (!stored) throw new Error('a rendered file is always there');
    try {
      await this.state.finish(claimed, { key: stored.key, bytes: stored.made.bytes, ...size });
    } catch (error) {
      // of a commit whose answer was lost nobody knows; what is nobody's goes with the orphans
      if (error instanceof AppError) await this.storage.remove(stored.key);
      throw error;
    }
  }
}
