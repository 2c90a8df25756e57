// Scans as they are read: progress, curves, sprite sheets, and the findings that plans are made of.
import { Injectable } from '@nestjs/common';
import { DataSource, MoreThanOrEqual } from 'typeorm';
import { AppError } from '../app-error.js';
import { Scan, ScanChunk } from './scan.entity.js';

@Injectable()
export class ScansService {
  constructor(private readonly dataSource: DataSource) {}

  /** Undefined before the video's scan has begun. */
  async find(videoId: string): Promise<Scan | undefined> {
    return (await this.dataSource.getRepository(Scan).findOneBy({ id: videoId })) ?? undefined;
  }

  /** The chunks of a video in order, those included that are not scanned yet; `from` leaves out the first ones. */
  chunks(videoId: string, from = 0): Promise<ScanChunk[]> {
    return this.dataSource.getRepository(ScanChunk).find({ where: { videoId, ordinal: MoreThanOrEqual(from) }, order: { ordinal: 'ASC' } });
  }

  /** Rejects with `sprite.not_found` where the chunk is not scanned. */
  async sprite(videoId: string, ordinal: number): Promise<ScanChunk & { spriteKey: string }> {
    const chunk = await this.dataSource.getRepository(ScanChunk).findOneBy({ videoId, ordinal });
    if (!chunk?.spriteKey) throw new AppError('sprite.not_found', `Video ${videoId} has no sprite sheet ${ordinal}, or not yet.`);
    return { ...chunk, spriteKey: chunk.spriteKey };
  }
}
