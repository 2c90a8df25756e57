// Job render-cut: clips of videos become MP4 files.
import { Injectable } from '@nestjs/common';
import { type AppError } from '../src/app-error.js';
import { type ClaimedCut, type CutClip, CutState, type RenderedFile } from '../src/cuts/index.js';
import { type ReelClip } from '../src/platform/media/index.js';
import { VideosService } from '../src/videos/index.js';
import { ProgressNotes } from './progress-notes.js';
import { ReelRenderer } from './reel-renderer.js';
import { WorkerContext } from './worker-context.js';

@Injectable()
export class RenderCutProcessor {
  constructor(
    private readonly state: CutState,
    private readonly videos: VideosService,
    private readonly renderer: ReelRenderer,
    private readonly context: WorkerContext,
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
      await this.renderer.discard(error, made.map(({ key }) => key));
      throw error;
    }
  }

  private async renderFile({ cut: { width, height } }: ClaimedCut, clips: readonly CutClip[], notes: ProgressNotes, before: number): Promise<RenderedFile> {
    const reel: ReelClip[] = [];
    for (const clip of clips) reel.push(await this.renderer.clipOf(await this.videos.load(clip.videoId), clip));
    return this.renderer.render({ clips: reel, width, height, quality: 'cut' }, notes, before);
  }
}
