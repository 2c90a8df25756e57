// Tests of what readiness says when something beside the database is not well.
import type { Response } from 'express';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { AppError } from '../app-error.js';
import { type Config } from '../platform/config/config.js';
import { type Queue } from '../platform/queue/queue.js';
import { type Storage } from '../platform/storage/index.js';
import { HealthController } from './health.controller.js';
import { type WorkersService } from './workers.service.js';

const worker = { id: 'a', status: 'ready', model: null, errorCode: null, errorMessage: null, seenAt: new Date(0) };
const well = { workers: [worker] as unknown[] | undefined, queue: true, store: () => Promise.resolve(), reserve: 0 };

async function readiness(given: Partial<typeof well>) {
  const { workers, queue, store, reserve } = { ...well, ...given };
  const away = new AppError('queue.unreachable', 'away');
  const controller = new HealthController(
    { alive: () => (workers ? Promise.resolve(workers) : Promise.reject(away)) } as unknown as WorkersService,
    { check: () => (queue ? Promise.resolve() : Promise.reject(away)) } as unknown as Queue,
    { check: store } as unknown as Storage,
    { DATA_DIR: tmpdir(), STORAGE_RESERVE_BYTES: reserve } as Config,
  );
  let code = 200;
  const { status, database, storage, queue: bell, disk } = await controller.ready({ status: (value: number) => (code = value) } as unknown as Response);
  return [code, status, database, storage, bell, disk.status];
}

describe('readiness', () => {
  it.each([
    ['all is well', {}, [200, 'ready', 'up', 'up', 'up', 'ok']],
    ['no worker lives', { workers: [] }, [200, 'degraded', 'up', 'up', 'up', 'ok']],
    ['the queue is away', { queue: false }, [200, 'degraded', 'up', 'up', 'down', 'ok']],
    ['the disk is nearly full', { reserve: Number.MAX_SAFE_INTEGER }, [200, 'degraded', 'up', 'up', 'up', 'low']],
    ['the database is away', { workers: undefined }, [503, 'not_ready', 'down', 'up', 'up', 'ok']],
    ['the store of the videos is away', { store: () => Promise.reject(new AppError('storage.unreachable', 'away')) }, [503, 'not_ready', 'up', 'down', 'up', 'ok']],
    ['the store does not answer', { store: () => new Promise<void>(() => undefined) }, [503, 'not_ready', 'up', 'down', 'up', 'ok']],
  ])('when %s', async (_what, given, expected) => {
    expect(await readiness(given)).toEqual(expected);
  });
});
