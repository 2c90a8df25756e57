// Job make-proxy: a video becomes an MP4 that browsers play, every frame at its second.
import { Injectable } from '@nestjs/common';
import { type AppError } from '../src/app-error.js';
import { pictureSize } from '../src/platform/media/index.js';
import { type ClaimedProxy, ProxyState } from '../src/proxies/index.js';
import { VideosService } from '../src/videos/index.js';
import { ProgressNotes } from './progress-notes.js';
import { ReelRenderer } from './reel-renderer.js';
import { WorkerContext } from './worker-context.js';

const MOST_PIXELS_ACROSS = 1280;

@Injectable()
export class MakeProxyProcessor {
  constructor(
    private readonly state: ProxyState,
    private readonly videos: VideosService,
    private readonly renderer: ReelRenderer,
    private readonly context: WorkerContext,
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
    const clip = await this.renderer.clipOf(video);
    const size = pictureSize(video, MOST_PIXELS_ACROSS);
    const notes = new ProgressNotes((seconds) => this.state.progress(claimed, seconds), signal);
    const { key, bytes } = await this.renderer.render({ clips: [clip], ...size, quality: 'proxy' }, notes);
    try {
      await this.state.finish(claimed, { key, bytes, ...size });
    } catch (error) {
      await this.renderer.discard(error, [key]);
      throw error;
    }
  }
}
