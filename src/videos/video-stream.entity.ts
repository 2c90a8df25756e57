// The stream of a video that is decoded, with the presentation time of each of its frames, read from the container once.
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type VideoStream } from '../platform/media/media.js';

@Entity('video_streams')
export class StoredStream {
  @PrimaryColumn('uuid', { name: 'video_id' }) videoId!: string;
  /** Of which file it is: the copy of this storage key; null: the upload. */
  @Column('text', { name: 'work_key', nullable: true }) workKey!: string | null;
  @Column('jsonb') stream!: VideoStream;
  @Column('double precision', { name: 'origin_pts' }) originPts!: number;
  @Column('double precision', { name: 'end_pts' }) endPts!: number;
  /** See packed-times.ts. */
  @Column('bytea') pts!: Buffer;
  @Column('bytea') keyframes!: Buffer;
}
