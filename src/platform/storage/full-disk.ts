// What a full disk does to whoever writes to it, as an error of the product.
import { AppError } from '../../app-error.js';
import { diskSpace } from './disk-space.js';

export const hasCode = (error: unknown, ...codes: string[]): boolean => error instanceof Error && 'code' in error && codes.includes(String(error.code));

/** `storage.full` for an error of a full disk; every other one as it is. */
export const asFull = (error: unknown): unknown =>
  hasCode(error, 'ENOSPC', 'EDQUOT') ? new AppError('storage.full', 'There is no space left to store this.', { cause: error }) : error;

/** Rejects with `storage.full` where the disk of the folder has less room than `bytes`, a tenth of it and the reserve. */
export async function requireDisk(folder: string, bytes: number, reserveBytes: number): Promise<void> {
  if ((await diskSpace(folder)).freeBytes < withMargin(bytes) + reserveBytes) {
    throw new AppError('storage.full', `There is no room for ${bytes} bytes now; free some, or try again later.`);
  }
}

export const withMargin = (bytes: number): number => bytes * 1.1;
