// Cuts as their owners ask for them and see them.
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In, type Repository } from 'typeorm';
import { AppError } from '../app-error.js';
import { note } from '../audit/index.js';
import { placeClips } from '../clips/index.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { newId } from '../platform/database/id.js';
import { newestFirst } from '../platform/database/newest-first.js';
import { type PageQuery } from '../platform/http/cursor.js';
import { pictureSize } from '../platform/media/index.js';
import { QUEUE, type Queue } from '../platform/queue/queue.js';
import { currentTraceparent } from '../platform/tracing/span.js';
import { requireVideoQuota } from '../quotas/index.js';
import { clippedRange, holdVideo, VideosService } from '../videos/index.js';
import { Cut, CutClip, CutFile } from './cut.entity.js';
import { renderCut } from './cut.job.js';
import { type CutBody, type WholeCut } from './cut.schema.js';
import { CutState, OPEN } from './cut-state.js';

/** Cuts of a tenant that have not ended. */
const MOST_OPEN = 50;
const RETRY_SECONDS = 60;

@Injectable()
export class CutsService {
  private readonly cuts: Repository<Cut>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly videos: VideosService,
    private readonly state: CutState,
    @Inject(QUEUE) private readonly queue: Queue,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    this.cuts = dataSource.getRepository(Cut);
  }

  /** Rejects with `video.*`, `clip.range_outside_video`, `cut.too_long`, `cut.too_many_open` or `quota.stored_bytes`. */
  async create(tenantId: string, { clips, files, name }: CutBody): Promise<WholeCut> {
    const placed = await placeClips(this.videos, tenantId, clips);
    for (const { video } of placed) this.videos.requireContent(video);
    const seconds = placed.reduce((sum, { clip, video }) => sum + Math.min(clip.end_time, video.duration) - clip.start_time, 0);
    if (seconds > this.config.CUT_MAX_SECONDS) throw new AppError('cut.too_long', `The clips last ${seconds.toFixed(1)} s; a cut may last ${this.config.CUT_MAX_SECONDS} s. Make several.`);
    const id = newId();
    const [first] = placed;
    if (!first) throw new Error('a clip list has at least one clip');
    await this.dataSource.transaction(async (manager) => {
      await this.requireRoom(manager, tenantId);
      for (const videoId of [...new Set(placed.map(({ video }) => video.id))].sort()) await holdVideo(manager, videoId);
      await manager.insert(Cut, { id, tenantId, name, filesWanted: files, ...pictureSize(first.video), seconds, warnings: placed.flatMap(({ clip, video }, index) => clippedRange(clip, video, `clips.${index}: `)), status: 'queued', traceparent: currentTraceparent() });
      await manager.insert(CutClip, placed.map(({ clip, video }, ordinal) => ({ cutId: id, ordinal, videoId: video.id, startTime: clip.start_time, endTime: clip.end_time, text: clip.text ?? null })));
      await note(manager, { action: 'cut.created', ...about({ id, tenantId, name }) });
    });
    await this.queue.ring(renderCut, id);
    return this.get(id, tenantId);
  }

  /** Newest first. */
  async list(tenantId: string, page: PageQuery) {
    const found = await newestFirst(this.cuts, { tenantId }, page);
    return { ...found, data: await this.whole(found.data) };
  }

  /** Rejects with `cut.not_found`, for a cut of another tenant too. */
  async get(id: string, tenantId: string): Promise<WholeCut> {
    const cut = await this.cuts.findOneBy({ id, tenantId });
    const [whole] = cut ? await this.whole([cut]) : [];
    if (!whole) throw new AppError('cut.not_found', `There is no cut ${id}.`);
    return whole;
  }

  /** Rejects with `cut.not_ready` or `cut.file_not_found`. */
  async file(id: string, tenantId: string, number: number): Promise<{ cut: Cut; file: CutFile; of: number }> {
    const { cut, files } = await this.get(id, tenantId);
    if (cut.status !== 'ready') throw new AppError('cut.not_ready', `Cut ${id} is ${cut.status}; it has files when it is ready.`);
    const file = files[number - 1];
    if (!file) throw new AppError('cut.file_not_found', `Cut ${id} has ${files.length} files, and none of number ${number}.`);
    return { cut, file, of: files.length };
  }

  /** Rejects with `cut.finished` where there is nothing to cancel. */
  async cancel(id: string, tenantId: string): Promise<WholeCut> {
    const { cut } = await this.get(id, tenantId);
    const canceled = await this.dataSource.transaction(async (manager) => {
      const ended = await this.state.cancel(manager, id);
      if (ended) await note(manager, { action: 'cut.canceled', ...about(cut) });
      return ended;
    });
    if (!canceled && cut.status !== 'canceled') throw new AppError('cut.finished', `Cut ${id} has ended.`);
    return this.get(id, tenantId);
  }

  async delete(id: string, tenantId: string): Promise<void> {
    const { cut } = await this.get(id, tenantId);
    await this.state.delete(id, (manager) => note(manager, { action: 'cut.deleted', ...about(cut) }));
  }

  private async whole(cuts: readonly Cut[]): Promise<WholeCut[]> {
    const of = { where: { cutId: In(cuts.map(({ id }) => id)) }, order: { ordinal: 'ASC' } } as const;
    const [clips, files] = await Promise.all([this.dataSource.getRepository(CutClip).find(of), this.dataSource.getRepository(CutFile).find(of)]);
    return cuts.map((cut) => ({ cut, clips: clips.filter(({ cutId }) => cutId === cut.id), files: files.filter(({ cutId }) => cutId === cut.id) }));
  }

  private async requireRoom(manager: EntityManager, tenantId: string): Promise<void> {
    await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended('cuts ' || $1, 0))`, [tenantId]); // two at once do not both pass
    const open = await manager.query<unknown[]>(`SELECT 1 FROM cuts WHERE tenant_id = $1 AND ${OPEN} LIMIT $2`, [tenantId, MOST_OPEN]);
    if (open.length >= MOST_OPEN) {
      throw new AppError('cut.too_many_open', `${MOST_OPEN} cuts of ${tenantId} have not ended, as many as there may be; wait for some, or cancel them.`, { details: { retryAfterSeconds: RETRY_SECONDS } });
    }
    await requireVideoQuota(manager, this.config, { tenantId, bytes: 1, duration: 0 });
  }
}

const about = ({ id, tenantId, name }: Pick<Cut, 'id' | 'tenantId' | 'name'>) => ({ subject: { type: 'cut', id }, tenantId, details: { name } });
