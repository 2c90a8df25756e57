// One file of a repository on the hub: fetched piece by piece behind what is there already, and kept only if its hash is right.
import { fileDownloadInfo, type ListFileEntry } from '@huggingface/hub';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../../app-error.js';

export interface HubSource {
  readonly repo: string;
  /** A commit, so that all files are of one version. */
  readonly revision: string;
  readonly endpoint: string;
  readonly token: string | undefined;
}

/** Attempts that bring nothing, one after the other, before it is given up. */
const FRUITLESS_ATTEMPTS = 7;
const FIRST_PAUSE_MS = 250;

/** What a file is called on disk while it is incomplete: by its hash, so that two versions are never joined. */
const partOf = (folder: string, file: ListFileEntry): string => join(folder, `.${file.path}.${hashOf(file).slice(0, 16)}.part`);

/** Bytes that are there already, of the file or of its part. */
export async function bytesHeld(folder: string, file: ListFileEntry): Promise<number> {
  const whole = await sizeOf(join(folder, file.path));
  return whole === file.size ? whole : Math.min(await sizeOf(partOf(folder, file)), file.size);
}

/** `onBytes` is told of bytes as they come. Rejects with `pull.broken_off` or `pull.hash_mismatch`; what came stays for the next time. */
export async function fetchFile(source: HubSource, folder: string, file: ListFileEntry, onBytes: (count: number) => void): Promise<'fetched' | 'held'> {
  const target = join(folder, file.path);
  if ((await sizeOf(target)) === file.size && (await isRight(target, file))) return 'held';
  const part = partOf(folder, file);
  await fetchRest(source, part, file, onBytes);
  if (!(await isRight(part, file))) {
    await rm(part, { force: true }); // nobody knows where it went wrong
    throw new AppError('pull.hash_mismatch', `${file.path} came with other bytes than ${source.repo} says (${hashOf(file)}); it was dropped. Run the command again.`);
  }
  await rename(part, target);
  return 'fetched';
}

async function fetchRest(source: HubSource, part: string, file: ListFileEntry, onBytes: (count: number) => void): Promise<void> {
  for (let fruitless = 0; ; ) {
    const held = await sizeOf(part);
    if (held === file.size && held > 0) return;
    const fault = await appendRest(source, part, file, held, onBytes);
    if (fault === undefined) return;
    fruitless = (await sizeOf(part)) > held ? 0 : fruitless + 1;
    if (fruitless === FRUITLESS_ATTEMPTS || isRefusal(fault)) {
      const what = `${file.path} of ${source.repo} cannot be fetched from ${source.endpoint}: ${faultMessage(fault)}`;
      throw new AppError('pull.broken_off', `${what}. What came is kept; run the command again to go on.`, { cause: fault });
    }
    await pause(FIRST_PAUSE_MS * 2 ** fruitless);
  }
}

/** Resolves with what broke it off, if anything. */
async function appendRest(source: HubSource, part: string, file: ListFileEntry, held: number, onBytes: (count: number) => void): Promise<unknown> {
  const target = await open(part, 'a');
  try {
    let at = held;
    for await (const bytes of await restOf(source, file, held)) {
      if ((at += bytes.length) > file.size) throw new Error('more bytes came than it has');
      await target.write(bytes);
      onBytes(bytes.length);
    }
    return at === file.size ? undefined : new Error(`the connection ended after ${at} of ${file.size} bytes`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === 'write') throw error; // of our own disk
    return error;
  } finally {
    await target.close();
  }
}

/** The bytes from `held` on. */
async function restOf({ repo, revision, endpoint, token }: HubSource, file: ListFileEntry, held: number): Promise<AsyncIterable<Uint8Array>> {
  const access = token === undefined ? {} : { accessToken: token };
  const info = await fileDownloadInfo({ repo, revision, path: file.path, hubUrl: endpoint, ...access });
  if (info?.size !== file.size) throw new Error(info ? `it has ${info.size} bytes now, and not ${file.size}` : 'it is not there');
  if (file.size === 0) return Readable.from([]);
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(info.url, { headers: { range: `bytes=${held}-${file.size - 1}`, ...authorization } });
  if (response.status !== 206 && !(response.status === 200 && held === 0)) {
    await response.body?.cancel();
    throw Object.assign(new Error(`the answer is ${response.status}`), { statusCode: response.status });
  }
  return (response.body as AsyncIterable<Uint8Array> | null) ?? Readable.from([]);
}

/** Large files are named by their sha-256, small ones as git names them: by the sha-1 of a header and their bytes. */
const hashOf = (file: ListFileEntry): string => file.lfs?.oid ?? file.oid ?? '';

async function isRight(path: string, file: ListFileEntry): Promise<boolean> {
  const hash = createHash(file.lfs ? 'sha256' : 'sha1');
  if (!file.lfs) hash.update(`blob ${file.size}\0`);
  for await (const bytes of createReadStream(path)) hash.update(bytes as Uint8Array);
  return hash.digest('hex') === hashOf(file);
}

/** The answer will be the same the next time. */
const isRefusal = (fault: unknown): boolean => [401, 403, 404, 410].includes((fault as { statusCode?: number }).statusCode ?? 0);

const sizeOf = (path: string): Promise<number> => stat(path).then(({ size }) => size, () => 0);

/** With what lay behind it: the network's own words are in the cause. */
export function faultMessage(fault: unknown): string {
  const { message, cause } = fault as Error;
  return cause instanceof Error ? `${message} (${cause.message})` : message;
}
