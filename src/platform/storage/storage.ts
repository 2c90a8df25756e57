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
}

/** An object that was made here. */
export interface ComposedObject<T> extends Pick<ReceivedObject, 'key'> {
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
  /** The error to refuse a larger object with. */
  readonly tooLarge: () => AppError;
  /** It is read on this machine next. Default false: whoever reads it may be anywhere. */
  readonly readHere?: boolean;
}

/** Bytes `start` to `end`, both included, as in an HTTP range. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Bytes that are to come: of parts, and of the objects that are made of them. */
export interface WantedRoom {
  readonly partBytes?: number;
  readonly objectBytes: number;
}

/** Where the store is another machine, all of it may reject with `storage.unreachable` or `storage.refused`. */
export interface Storage extends Parts {
  /** Rejects where the store cannot be used now: with `storage.unreachable`, `storage.refused`, `storage.no_bucket`, or as the disk does. */
  check(signal: AbortSignal): Promise<void>;
  /**
   * Stores the stream while hashing it. Whatever goes wrong, nothing of it is kept.
   * Rejects with `tooLarge()`, with `storage.full` when the disk is, or with the stream's own error.
   */
  receive(source: Readable, limits: ReceiveLimits): Promise<ReceivedObject>;
  /** Stores a copy of a file of this machine, of shared blocks where the disk has them, and hashes what is stored. `storage.full` as above. */
  storeFile(path: string): Promise<ReceivedObject>;
  /**
   * Stores the file that `write` makes at the path it is given, and hands on what it resolves with; undefined means that there is no file.
   * Whatever goes wrong, nothing of it is kept; `storage.full` as above.
   */
  compose<T>(write: (path: string) => Promise<T | undefined>): Promise<ComposedObject<T> | undefined>;
  /** Hands `work` the path of a new file for as long as it lasts. `storage.full` as above. */
  aside<T>(work: (path: string) => Promise<T>): Promise<T>;
  /** Rejects with `storage.full` when that and a tenth of it would take from the room of this machine that is to stay free. */
  requireRoom(wanted: WantedRoom): Promise<void>;
  /** Hands `use` the path of a file of this machine that holds the object; it is there until `use` has ended. Rejects with `storage.not_found`, `storage.invalid_key`. */
  withFile<T>(key: string, use: (path: string) => Promise<T>): Promise<T>;
  has(key: string): Promise<boolean>;
  /** Whether this machine has the bytes, so that `withFile` fetches nothing. */
  isHere(key: string): Promise<boolean>;
  /** Everything that is stored, in no order. */
  list(): AsyncIterable<StoredObject>;
  /** Rejects with `storage.not_found`. */
  open(key: string, range?: ByteRange): Promise<Readable>;
  /** Removing what is not there is not an error. */
  remove(key: string): Promise<void>;
}

/** What arrives piece by piece: a part stays, whatever ends, until `removePart`; whoever can reach the storage goes on with it. */
export interface Parts {
  /** How many bytes of the part have arrived; 0 where there is none. Rejects with `storage.invalid_key`. */
  partBytes(id: string): Promise<number>;
  /**
   * Adds to the part what comes, from the byte `offset` on, and resolves with the bytes that it has then. What was written stays, however the
   * source ends: rejects with its error then, or with `storage.full`.
   */
  writePart(id: string, source: Readable, offset: number): Promise<number>;
  /** Stores a copy of a whole part and hashes what is stored; the part stays. Where there is none, an empty object. `storage.full` as above. */
  storePart(id: string): Promise<ReceivedObject>;
  /** Removing what is not there is not an error. */
  removePart(id: string): Promise<void>;
  /** How many bytes of each part have arrived, by its id. */
  parts(): Promise<ReadonlyMap<string, number>>;
}
