// The models that workers serve now.
import { Injectable } from '@nestjs/common';
import { type z } from 'zod';
import { AppError } from '../app-error.js';
import { WorkersService } from '../health/index.js';
import { type modelResource } from './chat-response.schema.js';

type ModelResource = z.infer<typeof modelResource>;

@Injectable()
export class ServedModels {
  constructor(private readonly workers: WorkersService) {}

  async list(): Promise<ModelResource[]> {
    const served = new Map<string, ModelResource>();
    for (const { model, startedAt } of await this.workers.alive()) {
      if (!model || served.has(model.name)) continue;
      const created = Math.floor(startedAt.getTime() / 1000);
      const { name: id, hash, parameters, limitation, card } = model;
      const { windowSeconds = null, fps = null, calibrated = false, trainedFor = null, figures = [] } = card ?? {};
      served.set(id, { id, object: 'model', created, owned_by: 'secondsight', hash, parameters, limitation, window_seconds: windowSeconds, fps, calibrated, trained_for: trainedFor && [...trainedFor], figures: [...figures] });
    }
    return [...served.values()];
  }

  /** Rejects with `chat.no_model` or `chat.model_unknown`. */
  async require(name: string): Promise<ModelResource> {
    const served = await this.list();
    const found = served.find(({ id }) => id === name);
    if (found) return found;
    if (served.length === 0) throw new AppError('chat.no_model', 'No worker serves a model now; GET /health/ready says why.');
    const names = served.map(({ id }) => id).join(', ');
    throw new AppError('chat.model_unknown', `The model ${JSON.stringify(name)} is not served here; these are: ${names}.`, { details: { errors: [{ path: 'model', message: 'is not served' }] } });
  }
}
