// Job render-cut: clips of videos become MP4 files.
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../src/app-error.js';
import { type ClaimedCut, type CutClip, CutState, type RenderedFile } from '../src/cuts/index.js';
import { framesBetween, Media, PIECE_BYTES, type ReelClip } from '../src/platform/media/index.js';
import { STORAGE, type Storage } from '../src/platform/storage/storage.js';
import { FrameIndexes, VideoFiles, VideosService } from '../src/videos/index.js';
import { ProgressNotes } from './progress-notes.js';
import { WorkerContext } from './worker-context.js';

@Injectable()
export class RenderCutProcessor {
  constructor(
    private readonly state: CutState,
    private readonly videos: VideosService,
    private readonly files: VideoFiles,
    private readonly indexes: FrameIndexes,
    private readonly media: Media,
    private readonly context: WorkerContext,
    @Inject(STORAGE) private readonly storage: Storage,
  ) {}

  async process(id: string, stopping: AbortSignal): Promise<void> {
    const claimed = await this.state.claim(id, this.context.workerId);
    if (!claimed) return;
    const work = {
      attempt: claimed.cut.attempt,
      work: (signal: AbortSignal) => this.render(claimed, signal),
      giveBack: (options: { refund: boolean }) => this.state.giveBack(claimed, options),
      giveUp: (error: AppError) => this.state.fail(claimed, error),
    };
    await this.context.underLease(claimed.lease, work, stopping);
  }

  private async render(claimed: ClaimedCut, signal: AbortSignal): Promise<void> {
    const { cut, clips } = claimed;
    const notes = new ProgressNotes((seconds) => this.state.progress(claimed, seconds), signal);
    const made: RenderedFile[] = [];
    try {
      let before = 0;
      for (const group of cut.filesWanted === 'one' ? [clips] : clips.map((clip) => [clip])) {
        const file = await this.renderFile(claimed, group, notes, before);
        made.push(file);
        before += file.seconds;
      }
      await this.state.finish(claimed, made);
    } catch (error) {
      // of a commit whose answer was lost nobody knows; what is nobody's goes with the orphans
      if (error instanceof AppError) for (const { key } of made) await this.storage.remove(key);
      throw error;
    }
  }

  private async renderFile({ cut: { width, height } }: ClaimedCut, clips: readonly CutClip[], notes: ProgressNotes, before: number): Promise<RenderedFile> {
    const reel: ReelClip[] = [];
    for (const clip of clips) reel.push(await this.clipOf(clip));
    const onProgress = (seconds: number): void => notes.note(before + seconds);
    const beforePiece = (): Promise<void> => this.storage.requireRoom({ objectBytes: PIECE_BYTES });
    const stored = await this.storage.compose((output) => this.media.render({ clips: reel, output, width, height, quality: 'cut', onProgress, beforePiece }, notes.signal));
    if (!stored) throw new Error('a rendered file is always there');
    return { key: stored.key, ...stored.made };
  }

  private async clipOf({ videoId, startTime, endTime }: CutClip): Promise<ReelClip> {
    const video = await this.videos.load(videoId);
    this.videos.requireContent(video);
    const { stream, index } = await this.indexes.of(video);
    return { withFile: <T>(use: (file: string) => Promise<T>) => this.files.withDecoded(video, use), video: stream, index, hasAudio: video.hasAudio, ...framesBetween(index, startTime, endTime) };
  }
}
