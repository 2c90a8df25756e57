// A worker's sign of life: what it serves, and why it does not when it does not.
import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

export interface WorkerModel {
  readonly name: string;
  readonly hash: string;
  readonly notesHash: string;
  readonly parameters: number;
  /** What people must know before they believe its answers; null for a checkpoint that claims no limit. */
  readonly limitation: string | null;
  /** Where it runs: cpu:0, cuda:1, or the address of a server; absent in what workers of before wrote. */
  readonly devices?: readonly string[];
  /** How it looks at video, and what it was measured to do; absent in what workers of before wrote. */
  readonly card?: {
    readonly windowSeconds: number | null;
    readonly fps: number | null;
    readonly calibrated: boolean;
    /** Null: nobody says. */
    readonly trainedFor?: readonly string[] | null;
    readonly figures: readonly { readonly name: string; readonly value: string; readonly of: string }[];
  };
}

@Entity('workers')
export class WorkerHeartbeat {
  /** Host, process id and start time: unique to one run of one worker. */
  @PrimaryColumn('text') id!: string;
  @Column('text') status!: 'ready' | 'not_ready';
  @Column('jsonb', { nullable: true }) model!: WorkerModel | null;
  @Column('text', { name: 'error_code', nullable: true }) errorCode!: string | null;
  @Column('text', { name: 'error_message', nullable: true }) errorMessage!: string | null;
  @CreateDateColumn({ type: 'timestamptz', name: 'started_at' }) startedAt!: Date;
  @Column('timestamptz', { name: 'seen_at' }) seenAt!: Date;
}
