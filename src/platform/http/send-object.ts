// Sends a stored object, whole or the ranges that are asked for.
import type { Response } from 'express';
import { AppError } from '../../app-error.js';
import { type Storage } from '../storage/storage.js';

/** Its type is set before. Rejects with `storage.not_found`. */
export async function sendObject(response: Response, storage: Storage, key: string): Promise<void> {
  response.set('etag', `"${key}"`); // an object never changes
  await new Promise<void>((resolve, reject) =>
    response.sendFile(storage.pathOf(key), { dotfiles: 'allow', lastModified: false, etag: false }, (error) => (error && !response.headersSent ? reject(error) : resolve())),
  ).catch((error: unknown) => {
    throw error instanceof Error && 'code' in error && error.code === 'ENOENT' ? new AppError('storage.not_found', 'These bytes are no longer stored.', { cause: error }) : error;
  });
}
