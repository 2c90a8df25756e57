// Job merge-task: join what the windows of a task said and finish it.
import { Inject, Injectable } from '@nestjs/common';
import { type AppError } from '../src/app-error.js';
import { TaskState } from '../src/analysis/index.js';
import { embedSegments } from '../src/embeddings/embeddings.job.js';
import { mergeEvents, type WindowEvent } from '../src/model/grounding/merge.js';
import { QUEUE, type Queue } from '../src/platform/queue/queue.js';
import { type ModelEvidence, type NewSegment, type Segment, type WindowEvidence } from '../src/segments/index.js';
import { WorkerContext } from './worker-context.js';

@Injectable()
export class MergeTaskProcessor {
  constructor(
    private readonly tasks: TaskState,
    private readonly context: WorkerContext,
    @Inject(QUEUE) private readonly queue: Queue,
  ) {}

  async process(id: string, stopping: AbortSignal): Promise<void> {
    const claimed = await this.tasks.claimTask(id, this.context.workerId, ['windows']);
    if (!claimed) return;
    const work = {
      attempt: claimed.task.attempt,
      work: () => this.tasks.finishTask(claimed, mergeSegments),
      giveBack: (options: { refund: boolean }) => this.tasks.returnTask(claimed, options),
      giveUp: (error: AppError) => this.tasks.failTask(claimed, error),
    };
    await this.context.underLease(claimed.lease, work, stopping);
    await this.queue.ring(embedSegments, claimed.task.videoId);
  }
}

/** Segments of single windows -> segments of the video, each with the windows it was seen in. */
export function mergeSegments(segments: readonly Segment[]): NewSegment[] {
  const evidenceOf = new Map<WindowEvent, ModelEvidence>();
  for (const segment of segments) {
    const evidence = segment.evidence as ModelEvidence;
    for (const window of evidence.windows) evidenceOf.set(asEvent(segment, window), evidence);
  }
  return mergeEvents([...evidenceOf.keys()]).flatMap(({ parts, ...event }) => {
    const evidence = parts.flatMap((part) => evidenceOf.get(part) ?? []);
    const model = evidence[0]?.model;
    if (!model) return [];
    return {
      startTime: event.startSeconds,
      endTime: event.endSeconds,
      type: 'event',
      text: event.text,
      confidence: event.confidence,
      evidence: { model, windows: evidence.flatMap((part) => part.windows) },
    };
  });
}

function asEvent(segment: Segment, window: WindowEvidence): WindowEvent {
  return {
    startSeconds: segment.startTime,
    endSeconds: segment.endTime,
    text: segment.text,
    confidence: segment.confidence ?? 0,
    window: { ordinal: window.ordinal, startSeconds: window.start_time, endSeconds: window.end_time },
  };
}
