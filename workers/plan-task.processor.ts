// Job plan-task: plan the windows of a task as far as its video is scanned, so that the model looks at the first while the last is scanned.
import { Inject, Injectable } from '@nestjs/common';
import { analyzeWindow, mergeTask } from '../src/analysis/analysis.job.js';
import { CANCELED_CHANNEL, type ClaimedTask, type PlannedPart, type Task, TaskState, type TaskWarning } from '../src/analysis/index.js';
import { AppError } from '../src/app-error.js';
import { modelWarnings } from '../src/inference/index.js';
import { type Purpose } from '../src/inference/inference.js';
import { clipWindows } from '../src/model/grounding/clip-windows.js';
import { planSections, type Section } from '../src/model/grounding/sections.js';
import { planSection, type PlanOptions } from '../src/model/grounding/window-plan.js';
import { QUEUE, type Queue } from '../src/platform/queue/queue.js';
import { damageOf, type ScanChunk, ScansService } from '../src/scans/index.js';
import { type Video, VideosService } from '../src/videos/index.js';
import { WorkerContext } from './worker-context.js';

@Injectable()
export class PlanTaskProcessor {
  constructor(
    private readonly tasks: TaskState,
    private readonly videos: VideosService,
    private readonly scans: ScansService,
    private readonly context: WorkerContext,
    @Inject(QUEUE) private readonly queue: Queue,
  ) {}

  async process(id: string, stopping: AbortSignal): Promise<void> {
    const claimed = await this.tasks.claimTask(id, this.context.workerId, ['queued', 'scan']);
    if (!claimed) return;
    let outcome = { added: [] as string[], complete: false };
    const work = {
      attempt: claimed.task.attempt,
      told: { channel: CANCELED_CHANNEL, id },
      work: async () => {
        outcome = await this.tasks.addWindows(claimed, await this.plan(claimed));
      },
      giveBack: (options: { refund: boolean }) => this.tasks.returnTask(claimed, options),
      giveUp: (error: AppError) => this.tasks.failTask(claimed, error),
    };
    await this.context.underLease(claimed.lease, work, stopping);
    for (const windowId of outcome.added) await this.queue.ring(analyzeWindow, windowId);
    if (outcome.complete) await this.queue.ring(mergeTask, id);
  }

  private async plan({ task }: ClaimedTask): Promise<PlannedPart> {
    const video = await this.videos.load(task.videoId);
    const scan = await this.scans.find(video.id);
    if (scan?.status === 'failed') throw new AppError('task.scan_failed', `The video could not be scanned: ${scan.errorMessage} (${scan.errorCode})`);
    const options = await this.context.planOptions(task.request.sampling);
    const sections = sectionsToPlan(task, video, options);
    const chunks = await this.chunksOf(video, sections);
    const open = sections.findIndex(({ ordinal }) => !isScanned(chunks.get(ordinal)));
    const scanned = open < 0 ? sections : sections.slice(0, open);
    const isLast = open < 0;
    const warnings = [...(await this.firstWarnings(task, video)), ...scanned.flatMap(({ ordinal }) => warningsOf(chunks.get(ordinal)))];
    const windows = windowsOf(scanned, { task, video, chunks, options });
    if (isLast && task.windowsTotal + windows.length === 0) {
      throw new AppError('task.nothing_decodable', 'No part of the range can be decoded.');
    }
    return { windows, plannedUntil: scanned.at(-1) ? Math.min(scanned.at(-1)?.endSeconds ?? 0, task.endTime) : task.plannedUntil, isLast, warnings };
  }

  /** What is known before anything is looked at; of damage its stretches tell. */
  private async firstWarnings(task: Task, video: Video): Promise<TaskWarning[]> {
    if (task.stage !== 'queued') return [];
    return [...video.warnings.filter(({ code }) => code !== 'video.damaged'), ...modelWarnings(await this.context.inference.model(), purposeOf(task.request))];
  }

  /** By ordinal; none before the scan has begun. */
  private async chunksOf(video: Video, sections: readonly Section[]): Promise<Chunks> {
    const [first, last] = [sections[0], sections.at(-1)];
    const chunks = first && last ? await this.scans.chunks(video.id, first.ordinal, last.ordinal) : [];
    return new Map(chunks.map((chunk) => [chunk.ordinal, chunk]));
  }
}

function purposeOf({ prompt, segmentDefinitions, responseSchema }: Task['request']): Purpose {
  if (segmentDefinitions) return 'segment_definitions';
  if (responseSchema) return 'json_schema';
  return prompt === undefined ? 'events' : 'chat';
}

type Chunks = ReadonlyMap<number, ScanChunk>;

const warningsOf = (chunk: ScanChunk | undefined): TaskWarning[] => (chunk?.findings ? damageOf(chunk.findings) : []);

interface PlanContext {
  readonly task: Task;
  readonly video: Video;
  readonly chunks: Chunks;
  readonly options: PlanOptions;
}

/** The sections of the range that have no windows yet; a rest that the windows of the section before reach is none. */
function sectionsToPlan(task: Task, video: Video, { overlapSeconds }: PlanOptions): Section[] {
  const from = task.plannedUntil ?? task.startTime;
  const inRange = planSections(video.duration).filter(({ startSeconds, endSeconds }) => endSeconds > task.startTime && startSeconds < task.endTime);
  return inRange.filter((section, k) => section.endSeconds > from && (k === 0 || section.startSeconds + overlapSeconds < task.endTime));
}

const isScanned = (chunk: ScanChunk | undefined): boolean => chunk?.status === 'ready' || chunk?.status === 'failed';

/** Section by section, so that the plan does not depend on how many were scanned meanwhile. A chunk that could not be scanned is planned as ordinary footage. */
function windowsOf(sections: readonly Section[], { task, video, chunks, options }: PlanContext): PlannedPart['windows'] {
  const shape = { durationSeconds: video.duration, width: video.width, height: video.height, frameRate: video.frameRate ?? 0 };
  const range = { startSeconds: task.startTime, endSeconds: task.endTime };
  const planned = sections.flatMap((section) => {
    const findings = chunks.get(section.ordinal)?.findings ?? undefined;
    return clipWindows(planSection(section, { video: shape, findings }, options), range, options.rates);
  });
  return planned.map(({ startSeconds, endSeconds, sampling, why }) => ({ startTime: startSeconds, endTime: endSeconds, sampling, why: { ...why } }));
}
