// Job finish-scan: join what the chunks of a video found into its signals.
import { Inject, Injectable } from '@nestjs/common';
import { planTask } from '../src/analysis/analysis.job.js';
import { DueWork } from '../src/analysis/index.js';
import { AppError } from '../src/app-error.js';
import { embedSegments } from '../src/embeddings/embeddings.job.js';
import { joinFindings } from '../src/model/signals/join-findings.js';
import { QUEUE, type Queue } from '../src/platform/queue/queue.js';
import { type ClaimedScan, ScansService, ScanState } from '../src/scans/index.js';
import { signalSegment } from './signal-segment.js';
import { WorkerContext } from './worker-context.js';

@Injectable()
export class FinishScanProcessor {
  constructor(
    private readonly state: ScanState,
    private readonly scans: ScansService,
    private readonly dueWork: DueWork,
    private readonly context: WorkerContext,
    @Inject(QUEUE) private readonly queue: Queue,
  ) {}

  async process(videoId: string, stopping: AbortSignal): Promise<void> {
    const claimed = await this.state.claimScan(videoId, this.context.workerId, 'chunks');
    if (!claimed) return;
    const work = {
      attempt: claimed.scan.attempt,
      work: () => this.finish(claimed),
      giveBack: (options: { refund: boolean }) => this.state.giveBack(claimed.lease, claimed.scan.attempt, options),
      giveUp: (error: AppError) => this.state.fail(claimed, error),
    };
    await this.context.underLease(claimed.lease, work, stopping);
    for (const taskId of await this.dueWork.tasksOf(videoId)) await this.queue.ring(planTask, taskId);
    await this.queue.ring(embedSegments, videoId);
  }

  private async finish(claimed: ClaimedScan): Promise<void> {
    const chunks = await this.scans.chunks(claimed.scan.id);
    const findings = chunks.flatMap((chunk) => chunk.findings ?? []);
    if (findings.every(({ framesDecoded }) => framesDecoded === 0)) {
      const fault = chunks.find((chunk) => chunk.errorCode);
      throw new AppError('video.unreadable', fault?.errorMessage ?? 'No picture of the video can be decoded.');
    }
    await this.state.finish(claimed, joinFindings(findings).map(signalSegment), findings);
  }
}
