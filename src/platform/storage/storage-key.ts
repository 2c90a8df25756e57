// Names of objects and parts: ids that the product makes, so that no name leads anywhere else.
import { AppError } from '../../app-error.js';

const KEY = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const isKey = (text: string): boolean => KEY.test(text);

/** Throws `storage.invalid_key`. */
export function requireKey(key: string): void {
  if (!isKey(key)) throw new AppError('storage.invalid_key', `Not a storage key: ${JSON.stringify(key)}.`);
}

/** Where an object lies below the folder or the bucket: `objects/ab/<key>`. Throws `storage.invalid_key`. */
export function objectPath(key: string): string {
  requireKey(key);
  return `objects/${key.slice(-2)}/${key}`;
}

/** Where a part lies. Throws `storage.invalid_key`. */
export function partPath(id: string): string {
  requireKey(id);
  return `parts/${id}`;
}

export const notStored = (key: string, cause?: unknown): AppError => new AppError('storage.not_found', `Nothing is stored as ${key}.`, { cause });
