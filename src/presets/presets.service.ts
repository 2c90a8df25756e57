// Presets as their owners see them: saved, changed by whoever has read the latest version, deleted.
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, QueryFailedError, type Repository } from 'typeorm';
import { AppError } from '../app-error.js';
import { note } from '../audit/index.js';
import { newId } from '../platform/database/id.js';
import { newestFirst } from '../platform/database/newest-first.js';
import { type PageQuery } from '../platform/http/cursor.js';
import { Preset } from './preset.entity.js';
import { type PresetBody, type PresetChange } from './preset.schema.js';
import { requireDefinitions } from './segment-definitions.schema.js';

/** Of a tenant. */
const MOST_PRESETS = 200;

@Injectable()
export class PresetsService {
  private readonly presets: Repository<Preset>;

  constructor(private readonly dataSource: DataSource) {
    this.presets = dataSource.getRepository(Preset);
  }

  /** Rejects with `preset.name_taken`, `preset.too_many`, and what `requireDefinitions` finds. */
  async create(tenantId: string, { name, segment_definitions: segmentDefinitions }: PresetBody): Promise<Preset> {
    requireDefinitions(segmentDefinitions);
    const id = newId();
    await this.write(name, async (manager) => {
      if ((await manager.countBy(Preset, { tenantId })) >= MOST_PRESETS) throw new AppError('preset.too_many', `There are ${MOST_PRESETS} presets already; delete one.`);
      await manager.insert(Preset, { id, tenantId, name, segmentDefinitions: segmentDefinitions as never, version: 1 });
      await note(manager, { action: 'preset.created', subject: { type: 'preset', id }, tenantId, details: { name } });
    });
    return this.get(tenantId, id);
  }

  /** Newest first. */
  list(tenantId: string, page: PageQuery) {
    return newestFirst(this.presets, { tenantId }, page);
  }

  /** Rejects with `preset.not_found`, for a preset of another tenant too. */
  async get(tenantId: string, id: string): Promise<Preset> {
    const preset = await this.presets.findOneBy({ id, tenantId });
    if (!preset) throw new AppError('preset.not_found', `There is no preset ${id}.`);
    return preset;
  }

  /** Rejects as `create` and `get` do, and with `preset.changed_meanwhile` where `version` is given and is not the latest. */
  async change(tenantId: string, id: string, { name, segment_definitions: segmentDefinitions }: PresetChange, version?: number): Promise<Preset> {
    if (segmentDefinitions) requireDefinitions(segmentDefinitions);
    await this.write(name ?? '', async (manager) => {
      const known = await this.locked(manager, tenantId, id, version);
      const set = { name: name ?? known.name, segmentDefinitions: segmentDefinitions ?? known.segmentDefinitions, version: known.version + 1 };
      await manager.update(Preset, { id }, set);
      await note(manager, { action: 'preset.changed', subject: { type: 'preset', id }, tenantId, details: { name: set.name, version: set.version } });
    });
    return this.get(tenantId, id);
  }

  /** What was analysed with it stays as it is. Rejects with `preset.not_found` or `preset.changed_meanwhile`. */
  async delete(tenantId: string, id: string, version?: number): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const { name } = await this.locked(manager, tenantId, id, version);
      await manager.delete(Preset, { id });
      await note(manager, { action: 'preset.deleted', subject: { type: 'preset', id }, tenantId, details: { name } });
    });
  }

  private async locked(manager: EntityManager, tenantId: string, id: string, version: number | undefined): Promise<Preset> {
    const preset = await manager.findOne(Preset, { where: { id, tenantId }, lock: { mode: 'pessimistic_write' } });
    if (!preset) throw new AppError('preset.not_found', `There is no preset ${id}.`);
    if (version === undefined || version === preset.version) return preset;
    throw new AppError('preset.changed_meanwhile', `Preset ${id} was changed meanwhile: it is at version ${preset.version}. Read it again.`);
  }

  private async write(name: string, work: (manager: EntityManager) => Promise<void>): Promise<void> {
    try {
      await this.dataSource.transaction(work);
    } catch (error) {
      if (!isDoubled(error)) throw error;
      const message = `Another preset is called ${JSON.stringify(name)}.`;
      throw new AppError('preset.name_taken', message, { cause: error, details: { errors: [{ path: 'name', message: 'another preset has this name' }] } });
    }
  }
}

const isDoubled = (error: unknown): boolean => error instanceof QueryFailedError && (error.driverError as { constraint?: string }).constraint === 'presets_by_name';
