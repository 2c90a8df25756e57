// Job receive-upload: fetch what has to be fetched, and make a video of it.
import { Inject, Injectable } from '@nestjs/common';
import { rm, stat, writeFile } from 'node:fs/promises';
import { AppError } from '../src/app-error.js';
import { GuardedFetch } from '../src/platform/http/guarded-fetch.js';
import { log } from '../src/platform/log/log.js';
import { QUEUE, type Queue } from '../src/platform/queue/queue.js';
import { ImportBuckets, type ReceivedObject, STORAGE, type Storage } from '../src/platform/storage/index.js';
import { type ClaimedUpload, fetchToPart, readObjectUrl, readVersion, type Source, UploadState } from '../src/uploads/index.js';
import { receiveUpload } from '../src/uploads/upload.job.js';
import { tooLarge } from '../src/videos/index.js';
import { WorkerContext } from './worker-context.js';

const MAX_REDIRECTS = 5;

/** Times that a source is called that does not answer the call, within a quarter of a minute. */
const MOST_CALLS = 3;
const NOBODY_THERE = /^(http\.unreachable|address\.unresolvable)$/;

/** What is written beside a file of a watched folder that is no video. */
const refusalOf = (path: string): string => `${path}.refused.txt`;

@Injectable()
export class ReceiveUploadProcessor {
  constructor(
    private readonly state: UploadState,
    private readonly fetch: GuardedFetch,
    private readonly buckets: ImportBuckets,
    private readonly context: WorkerContext,
    @Inject(STORAGE) private readonly storage: Storage,
    @Inject(QUEUE) private readonly queue: Queue,
  ) {}

  async process(id: string, stopping: AbortSignal): Promise<void> {
    const claimed = await this.state.claim(id, this.context.workerId);
    if (!claimed) return;
    const work = {
      attempt: claimed.upload.attempt,
      work: (signal: AbortSignal) => this.receive(claimed, signal).catch((error: unknown) => this.noteFault(claimed, error)),
      giveBack: (options: { refund: boolean }) => this.state.giveBack(claimed, options),
      giveUp: (error: AppError) => this.giveUp(claimed, error),
    };
    await this.context.underLease(claimed.lease, work, stopping);
    const next = await this.state.next(claimed);
    if (next !== undefined) await this.queue.ring(receiveUpload, next);
  }

  private async receive(claimed: ClaimedUpload, signal: AbortSignal): Promise<void> {
    const { source } = claimed.upload;
    const from = this.sourceOf(claimed);
    if (from) await this.download(claimed, from, signal);
    signal.throwIfAborted();
    await this.state.accept(claimed, source === 'folder' ? await this.copy(claimed) : undefined);
    if (source === 'folder') await rm(refusalOf(fileOf(claimed)), { force: true }).catch(() => undefined); // a folder that may only be read
  }

  /** Rejects with what went wrong, in the end with `import.unreachable` where nobody answers. */
  private async noteFault(claimed: ClaimedUpload, error: unknown): Promise<never> {
    if (error instanceof AppError && error.code !== 'lease.lost') await this.state.noteFault(claimed, error);
    if (error instanceof AppError && NOBODY_THERE.test(error.code) && claimed.upload.attempt >= MOST_CALLS) throw new AppError('import.unreachable', error.message, { cause: error });
    throw error;
  }

  /** Undefined for what is on a machine of ours already. */
  private sourceOf({ upload: { source, location, tenantId } }: ClaimedUpload): Source | undefined {
    if (source === 'url') return (request) => this.fetch.request(location ?? '', { ...request, maxRedirects: MAX_REDIRECTS });
    if (source !== 's3') return undefined;
    const object = readObjectUrl(location ?? '');
    this.buckets.check(object, tenantId); // it may have waited for long
    return (request) => this.buckets.request(object, request);
  }

  private download(claimed: ClaimedUpload, source: Source, signal: AbortSignal): Promise<void> {
    const { id, begunAt, bytes, validator } = claimed.upload;
    const { UPLOAD_MAX_BYTES, IMPORT_TIMEOUT_SECONDS } = this.context.config;
    return fetchToPart(source, {
      ...{ id, parts: this.storage, maxBytes: UPLOAD_MAX_BYTES, signal },
      deadline: new Date((begunAt?.getTime() ?? Date.now()) + IMPORT_TIMEOUT_SECONDS * 1000),
      known: { bytes: bytes === null ? undefined : Number(bytes), validator: validator ?? undefined },
      onFacts: async (facts) => {
        await this.storage.requireRoom({ partBytes: facts.bytes ?? 0, objectBytes: facts.bytes ?? 0 });
        await this.state.learn(claimed, facts);
      },
    });
  }

  private async copy({ upload }: ClaimedUpload): Promise<ReceivedObject> {
    const { path, bytes, changedMs } = readVersion(upload.location ?? '');
    const { UPLOAD_MAX_BYTES } = this.context.config;
    if (bytes > UPLOAD_MAX_BYTES) throw tooLarge(UPLOAD_MAX_BYTES);
    await this.storage.requireRoom({ objectBytes: bytes });
    const copied = await this.storage.storeFile(path).catch((cause: unknown) => {
      throw cause instanceof AppError ? cause : new AppError('import.unavailable', `${path} cannot be read.`, { cause });
    });
    const found = await stat(path).catch(() => undefined);
    if (found?.size === bytes && found.mtimeMs === changedMs && copied.bytes === bytes) return copied;
    await this.storage.remove(copied.key);
    throw new AppError('import.changed', `${path} has changed since it was found; it is taken when it stands still again.`);
  }

  private async giveUp(claimed: ClaimedUpload, error: AppError): Promise<void> {
    await this.state.fail(claimed, error);
    if (claimed.upload.source !== 'folder' || error.code === 'import.changed') return;
    const path = fileOf(claimed);
    log.warn({ code: error.code, path }, 'a file of the watched folder is refused');
    await writeFile(refusalOf(path), `${error.code}: ${error.message}\n`).catch((cause: unknown) => log.info({ err: cause }, 'the refusal cannot be written beside the file'));
  }
}

const fileOf = ({ upload }: ClaimedUpload): string => readVersion(upload.location ?? '').path;
