// Tests of a sprite sheet's route.
import type { Request, Response } from 'express';
import { expect, it } from 'vitest';
import { AppError } from '../app-error.js';
import { type Storage } from '../platform/storage/storage.js';
import { type VideosService } from '../videos/index.js';
import { scanErrors } from './scan.errors.js';
import { LOCAL_CALLER } from '../platform/http/access.js';
import { ScansController } from './scans.controller.js';
import { type ScansService } from './scans.service.js';

it('a sheet whose file is gone is answered with a code of its own', async () => {
  const scans = { spriteKey: () => Promise.resolve('key') } as unknown as ScansService;
  const videos = { get: (id: string) => Promise.resolve({ id }) } as unknown as VideosService;
  const storage = { open: () => Promise.reject(new AppError('storage.not_found', 'x')) } as unknown as Storage;
  const answer = new ScansController(scans, videos, storage).sheet(LOCAL_CALLER, 'v', 3, { fresh: false } as Request, { set: () => undefined } as unknown as Response);
  await expect(answer).rejects.toMatchObject({ code: 'sprite.content_missing' });
  expect(scanErrors['sprite.content_missing']).toBe(410);
});
