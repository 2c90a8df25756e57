// The scan of a video: one look at all of it, in chunks, without a model.
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type ChunkFindings } from '../model/signals/chunk-findings.js';

/** Something about the video that a reader of the results should know. */
export interface ScanWarning {
  readonly code: string;
  readonly message: string;
  readonly start_time?: number;
  readonly end_time?: number;
}

@Entity('scans')
export class Scan {
  /** The video: it has one scan. */
  @PrimaryColumn('uuid') id!: string;
  @Column('text') status!: 'queued' | 'processing' | 'ready' | 'failed';
  @Column('text') stage!: 'begin' | 'chunks' | 'finish' | 'done';
  @Column('integer', { name: 'chunks_total' }) chunksTotal!: number;
  @Column('integer', { name: 'chunks_done' }) chunksDone!: number;
  @Column('jsonb') warnings!: ScanWarning[];
  @Column('text', { name: 'error_code', nullable: true }) errorCode!: string | null;
  @Column('text', { name: 'error_message', nullable: true }) errorMessage!: string | null;
  @Column('integer') attempt!: number;
}

/** The thumbnails of a chunk on one sheet, from left to right, row by row. */
export interface SpriteSheet {
  readonly columns: number;
  readonly rows: number;
  readonly tileWidth: number; // pixels
  readonly tileHeight: number;
  /** When each picture is presented, seconds of the video. */
  readonly times: readonly number[];
}

@Entity('scan_chunks')
export class ScanChunk {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'video_id' }) videoId!: string;
  @Column('integer') ordinal!: number;
  @Column('double precision', { name: 'start_time' }) startTime!: number;
  @Column('double precision', { name: 'end_time' }) endTime!: number;
  @Column('text') status!: 'queued' | 'processing' | 'ready' | 'failed';
  @Column('jsonb', { nullable: true }) findings!: ChunkFindings | null;
  @Column('text', { name: 'sprite_key', nullable: true }) spriteKey!: string | null;
  @Column('jsonb', { nullable: true }) sprite!: SpriteSheet | null;
  @Column('text', { name: 'error_code', nullable: true }) errorCode!: string | null;
  @Column('text', { name: 'error_message', nullable: true }) errorMessage!: string | null;
  @Column('integer') attempt!: number;
}
