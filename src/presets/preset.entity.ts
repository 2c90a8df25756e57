// A preset: kinds of segments under a name, to be looked for again.
import { Column, CreateDateColumn, Entity, PrimaryColumn, UpdateDateColumn } from 'typeorm';
import { type SegmentDefinition } from '../model/grammar/answer-form.js';

@Entity('presets')
export class Preset {
  @PrimaryColumn('uuid') id!: string;
  @Column('text', { name: 'tenant_id' }) tenantId!: string;
  @Column('text') name!: string;
  /** json: kinds and fields stay in the order in which the model is told of them. */
  @Column('json', { name: 'segment_definitions' }) segmentDefinitions!: readonly SegmentDefinition[];
  /** Counts the changes, from 1. */
  @Column('integer') version!: number;
  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
  @UpdateDateColumn({ type: 'timestamptz', name: 'updated_at' }) updatedAt!: Date;
}
