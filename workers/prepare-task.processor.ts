// Job prepare-task: measure the signals of the video and plan the windows the model will look at.
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../src/app-error.js';
import { analyzeWindow } from '../src/analysis/analysis.job.js';
import { type ClaimedTask, MAX_ATTEMPTS, type Task, TaskState } from '../src/analysis/index.js';
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

  async process(id: string): Promise<void> {
    const claimed = await this.tasks.claimTask(id, this.context.workerId, ['queued', 'scan', 'plan']);
    if (!claimed) return;
    await this.context.underLease(claimed.lease, {
      attempt: claimed.task.attempt,
      maxAttempts: MAX_ATTEMPTS,
      work: (signal) => this.prepare(claimed, signal),
      giveBack: () => this.tasks.returnTask(claimed),
      retry: () => this.tasks.returnTask(claimed),
      giveUp: (error) => this.tasks.failTask(claimed, error),
    });
  }

  private async prepare(claimed: ClaimedTask, signal: AbortSignal): Promise<void> {
    const { task, lease } = claimed;
    const video = await this.videos.get(task.videoId);
    await this.tasks.enterStage(lease, 'scan');
    const { segments, decodedUntil, warnings } = await this.scan.measure(video, task, signal);
    await this.videos.setDecodedUntil(video.id, decodedUntil);
    await this.tasks.enterStage(lease, 'plan');
    const windows = await this.planWindows(task, decodedUntil);
    const ids = await this.tasks.savePlan(claimed, { signals: segments, windows, warnings });
    for (const windowId of ids) await this.queue.ring(analyzeWindow, windowId);
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
