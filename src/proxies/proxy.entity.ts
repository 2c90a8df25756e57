// A copy of a video that every browser plays, with every frame at the same second.
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('proxies')
export class Proxy {
  /** That of its video. */
  @PrimaryColumn('uuid') id!: string;
  @Column('double precision', { name: 'seconds_done' }) secondsDone!: number;
  @Column('text') status!: 'queued' | 'processing' | 'ready' | 'failed';
  @Column('text', { name: 'storage_key', nullable: true }) storageKey!: string | null;
  /** bigint: the driver gives text. */
  @Column('bigint', { nullable: true }) bytes!: string | null;
  @Column('integer', { nullable: true }) width!: number | null;
  @Column('integer', { nullable: true }) height!: number | null;
  @Column('text', { name: 'error_code', nullable: true }) errorCode!: string | null;
  @Column('text', { name: 'error_message', nullable: true }) errorMessage!: string | null;
  @Column('integer') attempt!: number;
}
