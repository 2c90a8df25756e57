// Job receive-upload: fetch what has to be fetched, and make a video of it.
import { Inject, Injectable } from '@nestjs/common';
import { constants, copyFile, rm, stat, writeFile } from 'node:fs/promises';
import { AppError } from '../src/app-error.js';
import { GuardedFetch } from '../src/platform/http/guarded-fetch.js';
import { log } from '../src/platform/log/log.js';
import { STORAGE, type Storage } from '../src/platform/storage/storage.js';
import { type ClaimedUpload, fetchToPart, readVersion, UploadState } from '../src/uploads/index.js';
import { tooLarge } from '../src/videos/index.js';
import { WorkerContext } from './worker-context.js';

/** What is written beside a file of a watched folder that is no video. */
const refusalOf = (path: string): string => `${path}.refused.txt`;

@Injectable()
export class ReceiveUploadProcessor {
  constructor(
    private readonly state: UploadState,
    private readonly fetch: GuardedFetch,
    private readonly context: WorkerContext,
    @Inject(STORAGE) private readonly storage: Storage,
  ) {}

  async process(id: string, stopping: AbortSignal): Promise<void> {
    const claimed = await this.state.claim(id, this.context.workerId);
    if (!claimed) return;
    const work = {
      attempt: claimed.upload.attempt,
      work: (signal: AbortSignal) => this.receive(claimed, signal),
      giveBack: (options: { refund: boolean }) => this.state.giveBack(claimed, options),
      giveUp: (error: AppError) => this.giveUp(claimed, error),
    };
    await this.context.underLease(claimed.lease, work, stopping);
  }

  private async receive(claimed: ClaimedUpload, signal: AbortSignal): Promise<void> {
    const { source } = claimed.upload;
    if (source === 'url') await this.download(claimed, signal);
    if (source === 'folder') await this.copy(claimed);
    signal.throwIfAborted();
    await this.state.accept(claimed);
    if (source === 'folder') await rm(refusalOf(fileOf(claimed)), { force: true }).catch(() => undefined); // a folder that may only be read
  }

  private download(claimed: ClaimedUpload, signal: AbortSignal): Promise<void> {
    const { id, location, begunAt, bytes, validator } = claimed.upload;
    const { UPLOAD_MAX_BYTES, IMPORT_TIMEOUT_SECONDS } = this.context.config;
    return fetchToPart(this.fetch, {
      ...{ url: location ?? '', path: this.storage.partPath(id), maxBytes: UPLOAD_MAX_BYTES, signal },
      deadline: new Date((begunAt?.getTime() ?? Date.now()) + IMPORT_TIMEOUT_SECONDS * 1000),
      known: { bytes: bytes === null ? undefined : Number(bytes), validator: validator ?? undefined },
      onFacts: async (facts) => {
        await this.storage.requireRoom(2 * (facts.bytes ?? 0)); // the part, and what is stored of it
        await this.state.learn(claimed, facts);
      },
    });
  }

  private async copy({ upload }: ClaimedUpload): Promise<void> {
    const { path, bytes, changedMs } = readVersion(upload.location ?? '');
    const { UPLOAD_MAX_BYTES } = this.context.config;
    if (bytes > UPLOAD_MAX_BYTES) throw tooLarge(UPLOAD_MAX_BYTES);
    await this.storage.requireRoom(2 * bytes);
    const part = this.storage.partPath(upload.id);
    await copyFile(path, part, constants.COPYFILE_FICLONE).catch((cause: unknown) => {
      throw new AppError('import.unavailable', `${path} cannot be read.`, { cause });
    });
    const found = await stat(path).catch(() => undefined);
    if (found?.size !== bytes || found.mtimeMs !== changedMs || (await stat(part)).size !== bytes) {
      throw new AppError('import.changed', `${path} has changed since it was found; it is taken when it stands still again.`);
    }
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
