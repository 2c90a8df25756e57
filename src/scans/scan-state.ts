// The state machine of scans and their chunks: every step is one fenced transaction in Postgres.
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { type Section } from '../model/grounding/sections.js';
import { type ChunkFindings } from '../model/signals/chunk-findings.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { newId } from '../platform/database/id.js';
import { claim, giveBack, type Lease, MOST_LOOKS, writeFenced } from '../platform/database/lease.js';
import { type NewSegment, SegmentsService } from '../segments/index.js';
import { holdVideo } from '../videos/index.js';
import { damageOf, damageOfAll } from './damage.js';
import { FAIREST_CHUNK, MARK_SERVED } from './fairest-chunk.js';
import { storeFingerprints } from './fingerprints.js';
import { Scan, ScanChunk, type ScanWarning, type SpriteSheet } from './scan.entity.js';

export interface ClaimedScan {
  readonly lease: Lease;
  readonly scan: Scan;
}

export interface ClaimedChunk {
  readonly lease: Lease;
  readonly chunk: ScanChunk;
}

/** What a scanned chunk leaves behind. */
export interface ChunkOutcome {
  readonly findings: ChunkFindings;
  readonly segments: readonly NewSegment[];
  /** Absent where no picture begins in the chunk. */
  readonly sprite?: { readonly key: string; readonly sheet: SpriteSheet } | undefined;
}

interface Fault {
  readonly code: string;
  readonly message: string;
}

@Injectable()
export class ScanState {
  constructor(
    private readonly dataSource: DataSource,
    private readonly segments: SegmentsService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Claims the scan of a video that is at `stage`; makes it where there is none. */
  async claimScan(videoId: string, owner: string, stage: 'begin' | 'chunks'): Promise<ClaimedScan | undefined> {
    await this.dataSource.query(
      `INSERT INTO scans (id) SELECT id FROM videos WHERE id = $1 AND status = 'ready' ON CONFLICT DO NOTHING`,
      [videoId],
    );
    const complete = stage === 'begin' ? '' : 'AND chunks_done = chunks_total';
    const where = `status IN ('queued', 'processing') AND stage = '${stage}' ${complete}`;
    const lease = await claim(this.dataSource, 'scans', videoId, { owner, ...this.lease, where, set: `status = 'processing'` });
    const scan = lease && (await this.dataSource.getRepository(Scan).findOneBy({ id: videoId }));
    return scan ? { lease, scan } : undefined;
  }

  /** Makes the chunks that do not exist yet; returns the ids of all that wait. */
  async addChunks({ lease, scan }: ClaimedScan, sections: readonly Section[]): Promise<string[]> {
    return this.dataSource.transaction(async (manager) => {
      await holdVideo(manager, scan.id);
      await writeFenced(manager, lease, 'chunks_total = $3', [sections.length]);
      for (const { ordinal, startSeconds, endSeconds } of sections) {
        await manager.query(
          `INSERT INTO scan_chunks (id, video_id, ordinal, start_time, end_time) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
          [newId(), scan.id, ordinal, startSeconds, endSeconds],
        );
      }
      const rows = await manager.query<{ id: string }[]>(`SELECT id FROM scan_chunks WHERE video_id = $1 AND status = 'queued' ORDER BY ordinal`, [scan.id]);
      return rows.map(({ id }) => id);
    });
  }

  /** Writes what belongs to the video in one transaction, and only while the scan is held; the video's own row first, as a deletion does. */
  async writeBeside({ lease }: ClaimedScan, write: (manager: EntityManager) => Promise<void>): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await write(manager);
      await writeFenced(manager, lease, 'lease_owner = lease_owner');
    });
  }

  /** Everything but the chunks is known. Returns true when they were done meanwhile. */
  async begun({ lease, scan }: ClaimedScan, warnings: readonly ScanWarning[]): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const set = `stage = 'chunks', attempt = 0, lease_until = NULL, warnings = warnings || $3::jsonb`;
      await writeFenced(manager, lease, set, [JSON.stringify(warnings)]);
      return isComplete(manager, scan.id);
    });
  }

  /** Claims the chunk that is the fairest to do next; looks again while others are faster. */
  async claimChunk(owner: string): Promise<ClaimedChunk | undefined> {
    for (let look = 0; look < MOST_LOOKS; look++) {
      const [fairest] = await this.dataSource.query<{ id: string }[]>(FAIREST_CHUNK);
      if (!fairest) return undefined;
      const where = `status IN ('queued', 'processing')`;
      const options = { owner, ...this.lease, where, set: `status = 'processing'` };
      const lease = await claim(this.dataSource, 'scan_chunks', fairest.id, options);
      const chunk = lease && (await this.dataSource.getRepository(ScanChunk).findOneBy({ id: fairest.id }));
      if (!chunk) continue; // another worker was faster, or it was deleted with its video
      await this.dataSource.query(MARK_SERVED, [chunk.videoId]);
      return { lease, chunk };
    }
    return undefined;
  }

  /** Findings, segments and state in one transaction; returns true when it was the last chunk. */
  async commitChunk({ lease, chunk }: ClaimedChunk, outcome: ChunkOutcome): Promise<boolean> {
    return this.changeChunk(chunk, async (manager) => {
      const set = `status = 'ready', findings = $3, sprite_key = $4, sprite = $5, error_code = NULL, error_message = NULL, lease_until = NULL`;
      await writeFenced(manager, lease, set, [
        JSON.stringify(outcome.findings),
        outcome.sprite?.key ?? null,
        outcome.sprite ? JSON.stringify(outcome.sprite.sheet) : null,
      ]);
      await this.segments.replace(manager, { ...signalsOf(chunk.videoId), windowOrdinal: chunk.ordinal }, outcome.segments);
      await storeFingerprints(manager, chunk.videoId, outcome.findings);
      await this.warn(manager, chunk.videoId, damageOf(outcome.findings));
    });
  }

  /** Gives a chunk up; the scan goes on without it and says so. Returns true when it was the last one. */
  async failChunk({ lease, chunk }: ClaimedChunk, error: Fault): Promise<boolean> {
    return this.changeChunk(chunk, async (manager) => {
      const set = `status = 'failed', error_code = $3, error_message = $4, lease_until = NULL`;
      await writeFenced(manager, lease, set, [error.code, error.message]);
      const warning: ScanWarning = { code: error.code, message: error.message, start_time: chunk.startTime, end_time: chunk.endTime };
      await this.warn(manager, chunk.videoId, [warning]);
    });
  }

  /** Puts a chunk or a scan back: at once and without counting the attempt, or after a pause that doubles with every attempt. */
  async giveBack(lease: Lease, attempt: number, { refund }: { refund: boolean }): Promise<void> {
    await giveBack(this.dataSource, lease, attempt, { refund, set: `status = 'queued'` });
  }

  /** The findings of all chunks, joined, take the place of those of the single ones, with the scan's end. */
  async finish({ lease, scan }: ClaimedScan, signals: readonly NewSegment[], findings: readonly ChunkFindings[]): Promise<void> {
    const decodedUntil = Math.max(...findings.filter(({ framesDecoded }) => framesDecoded > 0).map((chunk) => chunk.decodedUntil));
    await this.dataSource.transaction(async (manager) => {
      await holdVideo(manager, scan.id);
      await writeFenced(manager, lease, `status = 'ready', stage = 'done', finished_at = now(), lease_until = NULL`);
      await manager.query('UPDATE videos SET decoded_until = $2, warnings = warnings || $3::jsonb WHERE id = $1', [scan.id, decodedUntil, JSON.stringify(damageOfAll(findings))]);
      await this.segments.replaceWindows(manager, signalsOf(scan.id), signals);
    });
  }

  async fail({ lease }: ClaimedScan, error: Fault): Promise<void> {
    await this.dataSource.transaction((manager) =>
      writeFenced(manager, lease, `status = 'failed', error_code = $3, error_message = $4, finished_at = now(), lease_until = NULL`, [
        error.code,
        error.message,
      ]),
    );
  }

  private async warn(manager: EntityManager, videoId: string, warnings: readonly ScanWarning[]): Promise<void> {
    if (warnings.length === 0) return;
    await manager.query('UPDATE scans SET warnings = warnings || $2::jsonb WHERE id = $1', [videoId, JSON.stringify(warnings)]);
  }

  private async changeChunk({ videoId }: ScanChunk, write: (manager: EntityManager) => Promise<void>): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      await holdVideo(manager, videoId);
      await manager.query('SELECT 1 FROM scans WHERE id = $1 FOR UPDATE', [videoId]); // the chunks of a video end one after the other
      await write(manager);
      await manager.query(
        `UPDATE scans SET updated_at = now(), status = CASE WHEN status = 'queued' THEN 'processing' ELSE status END,
                chunks_done = (SELECT count(*) FROM scan_chunks WHERE video_id = $1 AND status IN ('ready', 'failed'))
          WHERE id = $1`,
        [videoId],
      );
      return isComplete(manager, videoId);
    });
  }

  private get lease(): { leaseSeconds: number } {
    return { leaseSeconds: this.config.LEASE_SECONDS };
  }
}

const signalsOf = (videoId: string) => ({ videoId, taskId: null, source: 'signal' }) as const;

async function isComplete(manager: EntityManager, videoId: string): Promise<boolean> {
  const rows = await manager.query<unknown[]>(`SELECT 1 FROM scans WHERE id = $1 AND stage = 'chunks' AND chunks_done = chunks_total`, [videoId]);
  return rows.length > 0;
}
