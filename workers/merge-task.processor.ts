// Job merge-task: join what the windows of a task said and finish it.
import { Inject, Injectable } from '@nestjs/common';
import { type AppError } from '../src/app-error.js';
import { followAlerts } from '../src/alerts/alerts.job.js';
import { CANCELED_CHANNEL, RESPONSE_TYPE, TaskState, type Window } from '../src/analysis/index.js';
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
      told: { channel: CANCELED_CHANNEL, id },
      work: () => this.tasks.finishTask(claimed, mergeSegments),
      giveBack: (options: { refund: boolean }) => this.tasks.returnTask(claimed, options),
      giveUp: (error: AppError) => this.tasks.failTask(claimed, error),
    };
    await this.context.underLease(claimed.lease, work, stopping);
    await this.queue.ring(embedSegments, claimed.task.videoId);
    await this.queue.ring(followAlerts, claimed.task.videoId);
  }
}

/** Segments of single windows -> segments of the video, each with the windows it was seen in. Answers under a schema stay as they are. */
export function mergeSegments(segments: readonly Segment[], windows: readonly Window[]): NewSegment[] {
  const evidenceOf = new Map<WindowEvent, ModelEvidence>();
  const events = segments.filter(({ type }) => type !== RESPONSE_TYPE);
  for (const segment of events) {
    const evidence = segment.evidence as ModelEvidence;
    for (const window of evidence.windows) evidenceOf.set(asEvent(segment, window), evidence);
  }
  const looked = windows.map(({ ordinal, startTime, endTime }) => ({ ordinal, startSeconds: startTime, endSeconds: endTime }));
  const merged = mergeEvents([...evidenceOf.keys()], looked).flatMap(({ parts, ...event }): NewSegment[] => {
    const evidence = parts.flatMap((part) => evidenceOf.get(part) ?? []);
    const model = evidence[0]?.model;
    if (!model) return [];
    return [
      {
        startTime: event.startSeconds,
        endTime: event.endSeconds,
        type: event.type ?? 'event',
        text: event.text,
        confidence: event.confidence,
        fields: event.fields ?? null,
        evidence: { model, windows: evidence.flatMap((part) => part.windows) },
      },
    ];
  });
  return [...segments.filter(({ type }) => type === RESPONSE_TYPE).map(asNew), ...merged].sort((a, b) => a.startTime - b.startTime || a.endTime - b.endTime);
}

const asNew = ({ startTime, endTime, type, text, confidence, fields, evidence }: Segment): NewSegment => ({
  ...{ startTime, endTime, type, text, confidence, fields, evidence },
});

function asEvent(segment: Segment, window: WindowEvidence): WindowEvent {
  return {
    startSeconds: segment.startTime,
    endSeconds: segment.endTime,
    text: segment.text,
    confidence: segment.confidence ?? 0,
    type: segment.type,
    fields: segment.fields ?? undefined,
    window: { ordinal: window.ordinal, startSeconds: window.start_time, endSeconds: window.end_time },
  };
}
