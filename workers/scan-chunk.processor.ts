// Job scan-chunk: look once at a stretch of a video, cheaply, and store what can be told without a model.
import { Inject, Injectable } from '@nestjs/common';
import { Readable } from 'node:stream';
import { planTask } from '../src/analysis/analysis.job.js';
import { DueWork } from '../src/analysis/index.js';
import { AppError } from '../src/app-error.js';
import { joinFindings } from '../src/model/signals/join-findings.js';
import { Totals } from '../src/platform/metrics/totals.js';
import { QUEUE, type Queue } from '../src/platform/queue/queue.js';
import { STORAGE, type Storage } from '../src/platform/storage/storage.js';
import { type ClaimedChunk, ScanState, type SpriteSheet } from '../src/scans/index.js';
import { finishScan } from '../src/scans/scan.job.js';
import { FrameIndexes, VideoFiles, VideosService } from '../src/videos/index.js';
import { ChunkScan } from './chunk-scan.js';
import { type Sprite } from './sprite-sheet.js';
import { signalSegment } from './signal-segment.js';
import { WorkerContext } from './worker-context.js';

/** Thumbnails are this many seconds apart, by the length of the video; each divides the length of a chunk. */
const TILE_SECONDS = [
  { upTo: 300, every: 1 },
  { upTo: 3900, every: 2 },
  { upTo: 4 * 3600, every: 4 },
  { upTo: Infinity, every: 8 },
];

const MAX_SHEET_BYTES = 64 * 1024 ** 2;

@Injectable()
export class ScanChunkProcessor {
  constructor(
    private readonly scans: ScanState,
    private readonly videos: VideosService,
    private readonly files: VideoFiles,
    private readonly indexes: FrameIndexes,
    private readonly scan: ChunkScan,
    private readonly dueWork: DueWork,
    private readonly context: WorkerContext,
    private readonly totals: Totals,
    @Inject(STORAGE) private readonly storage: Storage,
    @Inject(QUEUE) private readonly queue: Queue,
  ) {}

  async process(_id: string, stopping: AbortSignal): Promise<void> {
    const claimed = await this.scans.claimChunk(this.context.workerId);
    if (!claimed) return;
    const { lease, chunk } = claimed;
    let last = false;
    const work = {
      attempt: chunk.attempt,
      work: async (signal: AbortSignal) => {
        last = await this.measure(claimed, signal);
      },
      giveBack: (options: { refund: boolean }) => this.scans.giveBack(lease, chunk.attempt, options),
      giveUp: async (error: AppError) => {
        last = await this.scans.failChunk(claimed, error);
      },
    };
    await this.context.underLease(lease, work, stopping);
    for (const taskId of await this.dueWork.tasksOf(chunk.videoId)) await this.queue.ring(planTask, taskId);
    if (last) await this.queue.ring(finishScan, chunk.videoId);
  }

  private async measure(claimed: ClaimedChunk, signal: AbortSignal): Promise<boolean> {
    const { chunk } = claimed;
    const video = await this.videos.load(chunk.videoId);
    const { stream, index } = await this.indexes.of(video);
    const section = { ordinal: chunk.ordinal, startSeconds: chunk.startTime, endSeconds: chunk.endTime };
    const tileSeconds = TILE_SECONDS.find(({ upTo }) => video.duration <= upTo)?.every ?? 8;
    const source = { stream, index, hasAudio: video.hasAudio };
    const started = performance.now();
    const { findings, sprite } = await this.files.withDecoded(video, (file) => this.scan.measure(file, source, section, { tileSeconds }, signal));
    this.totals.add('secondsight_stage_seconds_total', { stage: 'scan' }, (performance.now() - started) / 1000);
    this.totals.add('secondsight_scanned_video_seconds_total', {}, chunk.endTime - chunk.startTime);
    const stored = sprite && (await this.store(sprite));
    try {
      const segments = joinFindings([findings]).map(signalSegment);
      return await this.scans.commitChunk(claimed, { findings, segments, sprite: stored });
    } catch (error) {
      // of a commit whose answer was lost nobody knows; what is nobody's goes with the orphans
      if (stored && error instanceof AppError) await this.storage.remove(stored.key);
      throw error;
    }
  }

  private async store({ jpeg, ...sheet }: Sprite): Promise<{ key: string; sheet: SpriteSheet }> {
    const { key } = await this.storage.receive(Readable.from([jpeg]), { maxBytes: MAX_SHEET_BYTES, tooLarge: tooLargeSheet });
    return { key, sheet };
  }
}

const tooLargeSheet = (): AppError => new AppError('scan.sheet_too_large', `A sheet of thumbnails may have ${MAX_SHEET_BYTES} bytes.`);
