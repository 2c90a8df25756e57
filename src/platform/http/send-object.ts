// Sends a stored object, whole or the range that is asked for.
import type { Request, Response } from 'express';
import { type Storage } from '../storage/storage.js';
import { sendBytes } from './send-bytes.js';

/** The answer has its type already. Rejects with `storage.not_found`. */
export async function sendObject(exchange: { request: Request; response: Response }, storage: Storage, { key, bytes }: { key: string; bytes: number }): Promise<void> {
  exchange.response.set('etag', `"${key}"`); // an object never changes
  await sendBytes(exchange, bytes, (range) => storage.open(key, range));
}
