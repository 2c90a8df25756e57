// A file that is to be uploaded: opened once, and read from where it was opened, whatever its path names later.
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { AppError } from '../app-error.js';
import { printable } from './table.js';

export interface OpenFile {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly handle: FileHandle;
}

/** Does not wait for somebody to write, as opening a pipe would. Windows knows no such flag. */
const WITHOUT_WAITING = (constants.O_NONBLOCK as number | undefined) ?? 0;

/** Rejects with `file.not_found` for whatever is no regular file or cannot be read. */
export async function openFile(path: string): Promise<OpenFile> {
  const handle = await open(path, constants.O_RDONLY | WITHOUT_WAITING).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  const found = await handle.stat();
  if (found.isFile()) return { name: basename(path), path: resolve(path), bytes: found.size, modifiedMs: found.mtimeMs, handle };
  await handle.close();
  throw unreadable(path);
}

/** Bytes from `offset` on; rejects with `file.changed` where the file has become shorter. */
export async function readPiece({ handle, name }: OpenFile, offset: number, bytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const piece = new Uint8Array(bytes);
  for (let read = 0; read < bytes; ) {
    const { bytesRead } = await handle.read(piece, read, bytes - read, offset + read);
    if (bytesRead === 0) throw new AppError('file.changed', `${printable(name)} has become shorter while it was read; upload it again when nobody writes to it.`);
    read += bytesRead;
  }
  return piece;
}

const unreadable = (path: string, cause?: unknown): AppError => new AppError('file.not_found', `${printable(path)} cannot be read as a file.`, { cause });
