// A track of a video: words with times that came with the file or beside it; its cues are segments.
import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

@Entity('tracks')
export class Track {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'video_id' }) videoId!: string;
  @Column('text') kind!: 'embedded' | 'sidecar' | 'chapters';
  @Column('text') name!: string;
  @Column('text', { nullable: true }) language!: string | null;
  @Column('integer') cues!: number;
  /** Cues that could not be read. */
  @Column('integer') broken!: number;
  /** Cues of no second of the video. */
  @Column('integer') outside!: number;
  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
}
