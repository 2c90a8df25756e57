// Lays two analyses of the same video side by side.
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AppError } from '../app-error.js';
import { agreementOf } from '../model/metrics/agreement.js';
import { SegmentsService } from '../segments/index.js';
import { type ComparedEvent, type ComparisonQuery, presentComparison } from './comparison.schema.js';
import { TasksService } from './tasks.service.js';

/** Of one analysis; what the model says of days of video is more than anybody looks through. */
const MOST_SEGMENTS = 20_000;

@Injectable()
export class ComparisonsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly tasks: TasksService,
    private readonly segments: SegmentsService,
  ) {}

  /** Rejects with `task.not_found`, `comparison.other_video` or `comparison.too_large`. */
  async compare(tenantId: string, id: string, { with: otherId, min_iou: minIou }: ComparisonQuery) {
    const [a, b] = [await this.tasks.get(id, tenantId), await this.tasks.get(otherId, tenantId)];
    if (a.videoId !== b.videoId) throw new AppError('comparison.other_video', `Task ${otherId} is about another video than task ${id}.`);
    const pairs = agreementOf(await this.eventsOf(a.id), await this.eventsOf(b.id), minIou);
    return presentComparison({ videoId: a.videoId, a: a.id, b: b.id, minIou }, pairs);
  }

  private async eventsOf(taskId: string): Promise<ComparedEvent[]> {
    const segments = await this.segments.ofWindows(this.dataSource.manager, taskId);
    if (segments.length > MOST_SEGMENTS) throw new AppError('comparison.too_large', `Task ${taskId} has ${segments.length} segments; at most ${MOST_SEGMENTS} are compared.`);
    return segments.map((segment) => ({ segment, startSeconds: segment.startTime, endSeconds: segment.endTime, text: segment.text, type: segment.type }));
  }
}
