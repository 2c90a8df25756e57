// Job prepare-task: measure the signals of the video and plan the windows the model will look at.
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../src/app-error.js';
import { analyzeWindow } from '../src/analysis/analysis.job.js';
import { type ClaimedTask, type Task, TaskState } from '../src/analysis/index.js';
import { planWindows } from '../src/model/grounding/window-plan.js';
import { QUEUE, type Queue } from '../src/platform/queue/queue.js';
import { VideosService } from '../src/videos/index.js';
import { SignalScan } from './signal-scan.js';
import { WorkerContext } from './worker-context.js';

@Injectable()
export class PrepareTaskProcessor {
  constructor(
    private readonly tasks: TaskState,
    private readonly videos: VideosService,
    private readonly scan: SignalScan,
    private readonly context: WorkerContext,
    @Inject(QUEUE) private readonly queue: Queue,
  ) {}

  async process(id: string, stopping: AbortSignal): Promise<void> {
    const claimed = await this.tasks.claimTask(id, this.context.workerId, ['queued', 'scan', 'plan']);
    if (!claimed) return;
    let windows: string[] = [];
    const work = {
      attempt: claimed.task.attempt,
      work: async (signal: AbortSignal) => {
        windows = await this.prepare(claimed, signal);
      },
      giveBack: (options: { refund: boolean }) => this.tasks.returnTask(claimed, options),
      giveUp: (error: AppError) => this.tasks.failTask(claimed, error),
    };
    await this.context.underLease(claimed.lease, work, stopping);
    for (const windowId of windows) await this.queue.ring(analyzeWindow, windowId);
  }

  /** Returns the ids of the windows to be looked at. */
  private async prepare(claimed: ClaimedTask, signal: AbortSignal): Promise<string[]> {
    const { task, lease } = claimed;
    const video = await this.videos.get(task.videoId);
    await this.tasks.enterStage(lease, 'scan');
    const { segments, decodedUntil, warnings } = await this.scan.measure(video, task, signal);
    if (task.endTime >= video.duration) await this.videos.setDecodedUntil(video.id, decodedUntil);
    await this.tasks.enterStage(lease, 'plan');
    const windows = await this.planWindows(task, decodedUntil);
    return this.tasks.savePlan(claimed, { signals: segments, windows, warnings });
  }

  private async planWindows(task: Task, decodedUntil: number) {
    if (decodedUntil <= task.startTime) {
      throw new AppError('task.nothing_decodable', `The video decodes until ${decodedUntil} s, before the range starts.`);
    }
    const { windowSeconds, overlapSeconds, fps } = await this.context.windowDefaults();
    const range = { startSeconds: task.startTime, endSeconds: Math.min(task.endTime, decodedUntil) };
    return planWindows({ ...range, windowSeconds, overlapSeconds }).map((window) => ({
      ordinal: window.ordinal,
      startTime: window.startSeconds,
      endTime: window.endSeconds,
      fps: task.request.sampling.fps ?? fps,
    }));
  }
}
