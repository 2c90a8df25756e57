// The storage port: where the bytes of videos lie.
import type { Readable } from 'node:stream';
import { type AppError } from '../../app-error.js';

/** Injection token of the Storage. */
export const STORAGE = Symbol('Storage');

export interface ReceivedObject {
  /** Made by the storage; the only way to name the object. */
  readonly key: string;
  readonly bytes: number;
  readonly sha256: string; // 64 hex digits
  /** Where the object lies on this machine. */
  readonly path: string;
}

/** An object that was made here. */
export interface ComposedObject<T> extends Pick<ReceivedObject, 'key' | 'path'> {
  readonly made: T;
}

export interface StoredObject {
  readonly key: string;
  readonly bytes: number;
  /** When its last byte arrived. */
  readonly storedAt: Date;
}

export interface ReceiveLimits {
  readonly maxBytes: number;
  /** There must be room for so many, and the reserve stays free; without it nothing is asked. */
  readonly expectedBytes?: number | undefined;
  /** The error to refuse a larger object with. */
  readonly tooLarge: () => AppError;
}

/** Bytes `start` to `end`, both included, as in an HTTP range. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface Storage {
  /**
   * Writes the stream to disk while hashing it. Whatever goes wrong, nothing of it is kept.
   * Rejects with `tooLarge()`, with `storage.full` when the disk is, or with the stream's own error.
   */
  receive(source: Readable, limits: ReceiveLimits): Promise<ReceivedObject>;
  /**
   * Stores the file that `write` makes at the path it is given, and hands on what it resolves with; undefined means that there is no file.
   * Whatever goes wrong, nothing of it is kept; `storage.full` as above.
   */
  compose<T>(write: (path: string) => Promise<T | undefined>): Promise<ComposedObject<T> | undefined>;
  /**
   * Path of the part of that id: a file that whoever receives something piece by piece writes and reads as it likes, on the disk of the
   * objects. It stays, whatever ends, until `removePart`. Throws `storage.invalid_key`.
   */
  partPath(id: string): string;
  /** Stores a copy of a whole part, of shared blocks where the disk has them, and hashes what is stored; the part stays, so that there must be room for both. `storage.full` as above. */
  storePart(id: string): Promise<ReceivedObject>;
  /** With the piece beside it. Removing what is not there is not an error. */
  removePart(id: string): Promise<void>;
  /** Ids of all parts, in no order. */
  parts(): Promise<string[]>;
  /** Rejects with `storage.full` when so many bytes and a tenth of them would take from the room that is to stay free. */
  requireRoom(bytes: number): Promise<void>;
  /** Absolute path of an object; throws `storage.invalid_key` for anything that is not a key. */
  pathOf(key: string): string;
  has(key: string): Promise<boolean>;
  /** Everything that is stored, in no order. */
  list(): AsyncIterable<StoredObject>;
  /** Rejects with `storage.not_found`. */
  open(key: string, range?: ByteRange): Promise<Readable>;
  /** Removing what is not there is not an error. */
  remove(key: string): Promise<void>;
}
