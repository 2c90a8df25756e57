// A batch: tasks that were asked for together, and the items that no task could be made of.
import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

export interface FailedItem {
  /** Place in the request, from 0. */
  readonly index: number;
  readonly code: string;
  readonly message: string;
}

@Entity('task_batches')
export class TaskBatch {
  @PrimaryColumn('uuid') id!: string;
  @Column('text', { name: 'tenant_id' }) tenantId!: string;
  @Column('integer', { name: 'items_total' }) itemsTotal!: number;
  @Column('jsonb', { name: 'failed_items' }) failedItems!: readonly FailedItem[];
  @Column('timestamptz', { name: 'canceled_at', nullable: true }) canceledAt!: Date | null;
  /** When its last task had ended. */
  @Column('timestamptz', { name: 'completed_at', nullable: true }) completedAt!: Date | null;
  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
}
