// The sweeper: rings again for whatever Postgres knows to be due, so that no lost bell loses work.
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AlertFollowUp } from '../src/alerts/index.js';
import { forgetOldEvents } from '../src/audit/index.js';
import { completeAbandonedBatches, DueWork } from '../src/analysis/index.js';
import { featureFolder, listFeatureHashes, removeFeaturesOf } from '../src/inference/index.js';
import { ChatState } from '../src/chat/index.js';
import { CutState } from '../src/cuts/index.js';
import { embedSegments } from '../src/embeddings/embeddings.job.js';
import { removeOldAnswers } from '../src/idempotency/index.js';
import { MomentsService } from '../src/moments/index.js';
import { DueScans } from '../src/scans/index.js';
import { CONFIG, type Config } from '../src/platform/config/config.js';
import { log } from '../src/platform/log/log.js';
import { ProxyState } from '../src/proxies/index.js';
import { QUEUE, type Queue } from '../src/platform/queue/queue.js';
import { RetentionService } from '../src/retention/index.js';
import { UploadState } from '../src/uploads/index.js';
import { VideoRemoval, VideosService } from '../src/videos/index.js';
import { DeliveryState } from '../src/webhooks/index.js';
import { DueVectors } from './due-vectors.js';

/** Advisory lock number; one worker sweeps at a time. */
const SWEEP_LOCK = 7_316_001;

@Injectable()
export class Sweeper {
  private timer: NodeJS.Timeout | undefined;
  private started = false;
  private stopped = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly dueScans: DueScans,
    private readonly dueWork: DueWork,
    private readonly dueVectors: DueVectors,
    private readonly moments: MomentsService,
    private readonly chats: ChatState,
    private readonly videos: VideosService,
    private readonly removal: VideoRemoval,
    private readonly deliveries: DeliveryState,
    private readonly retention: RetentionService,
    private readonly alerts: AlertFollowUp,
    private readonly uploads: UploadState,
    private readonly cuts: CutState,
    private readonly proxies: ProxyState,
    @Inject(QUEUE) private readonly queue: Queue,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Once however often it is called. */
  start(): void {
    if (this.started || this.stopped) return;
    this.started = true;
    const beat = (): void => {
      this.sweep()
        .catch((error: unknown) => log.warn({ err: error }, 'sweep failed; the next one tries again'))
        .finally(() => {
          if (!this.stopped) this.timer = setTimeout(beat, this.config.SWEEP_SECONDS * 1000);
        });
    };
    beat();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** What the model saw of videos that are gone goes too, on each machine from its own folder. */
  private async removeFeatures(): Promise<void> {
    const folder = featureFolder(this.config);
    const hashes = await listFeatureHashes(folder);
    if (hashes.length === 0) return;
    const known = await this.videos.contentsOf(hashes);
    for (const hash of hashes) if (!known.has(hash)) await removeFeaturesOf(folder, hash);
  }

  private async sweep(): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const [lock] = await manager.query<{ held: boolean }[]>('SELECT pg_try_advisory_xact_lock($1) AS held', [SWEEP_LOCK]);
      if (!lock?.held) return;
      await this.queue.check(); // a queue that is away would cost seconds for each ring
      const sources = [this.uploads, this.dueScans, this.dueWork, this.moments, this.chats, this.deliveries, this.alerts, this.cuts, this.proxies];
      for (const source of sources) for (const { job, id } of await source.due()) await this.queue.ring(job, id);
      for (const id of await this.dueVectors.list()) await this.queue.ring(embedSegments, id);
      await completeAbandonedBatches(this.dataSource);
      await removeOldAnswers(manager);
      await forgetOldEvents(manager, this.config.AUDIT_DAYS);
      await this.deliveries.endOfDisabled();
      await this.deliveries.forget();
      // from here on the storage is asked, which may be away
      await this.chats.tidy();
      await this.uploads.clear();
      await this.cuts.clear();
      await this.retention.apply();
      await this.removal.finishDeletes();
      await this.removal.removeOrphans();
    });
    await this.removeFeatures();
  }
}
