// Scans as they are read: progress, curves, sprite sheets, and the findings that plans are made of.
import { Injectable } from '@nestjs/common';
import { Between, DataSource, IsNull, Not } from 'typeorm';
import { AppError } from '../app-error.js';
import { type MeasuredChunk } from './curves.js';
import { Scan, ScanChunk } from './scan.entity.js';

const MOST_CHUNKS = 2 ** 31 - 1;

@Injectable()
export class ScansService {
  constructor(private readonly dataSource: DataSource) {}

  /** Undefined before the video's scan has begun. */
  async find(videoId: string): Promise<Scan | undefined> {
    return (await this.dataSource.getRepository(Scan).findOneBy({ id: videoId })) ?? undefined;
  }

  /** The chunks of a video in order, those included that are not scanned yet; all, or those from one ordinal to another. */
  chunks(videoId: string, first = 0, last = MOST_CHUNKS): Promise<ScanChunk[]> {
    return this.dataSource.getRepository(ScanChunk).find({ where: { videoId, ordinal: Between(first, last) }, order: { ordinal: 'ASC' } });
  }

  /** What the curves of a range are made of. */
  measured(videoId: string, startSeconds: number, endSeconds: number): Promise<MeasuredChunk[]> {
    return this.dataSource.query<MeasuredChunk[]>(
      `SELECT start_time AS "startTime", findings -> 'motion' AS motion, findings -> 'camera' AS camera, findings -> 'loudness' AS loudness
         FROM scan_chunks WHERE video_id = $1 AND findings IS NOT NULL AND end_time > $2 AND start_time < $3 ORDER BY ordinal`,
      [videoId, startSeconds, endSeconds],
    );
  }

  /** The chunks that have a sprite sheet, without their findings. */
  sheets(videoId: string): Promise<Pick<ScanChunk, 'ordinal' | 'endTime' | 'sprite'>[]> {
    const select = { id: true, ordinal: true, endTime: true, sprite: true } as const;
    return this.dataSource.getRepository(ScanChunk).find({ select, where: { videoId, spriteKey: Not(IsNull()) }, order: { ordinal: 'ASC' } });
  }

  /** Rejects with `sprite.not_found` where the chunk is not scanned. */
  async spriteKey(videoId: string, ordinal: number): Promise<string> {
    const select = { id: true, spriteKey: true } as const;
    const chunk = await this.dataSource.getRepository(ScanChunk).findOne({ select, where: { videoId, ordinal } });
    if (!chunk?.spriteKey) throw new AppError('sprite.not_found', `Video ${videoId} has no sprite sheet ${ordinal}, or not yet.`);
    return chunk.spriteKey;
  }
}
