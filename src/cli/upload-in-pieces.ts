// Sends a large file by tus 1.0: whatever breaks, this process too, it goes on where the service says that it stands.
import { AppError, type ErrorCode } from '../app-error.js';
import { type ApiConnection, isAway, POLL_MS, retryAfterOf } from './api-connection.js';
import { type ErrorJson, isRunning } from './api-types.js';
import { KeptUpload } from './kept-uploads.js';
import { type OpenFile, readPiece } from './open-file.js';

/** What is sent in one request, and so at most again after a break. */
export const PIECE_BYTES = 8 * 1024 * 1024;

/** Requests that fail one after another, without a byte that arrives. */
const MOST_FAILURES = 20;

const TUS = { 'tus-resumable': '1.0.0' };

interface UploadJson {
  readonly status: 'receiving' | 'queued' | 'processing' | 'ready' | 'failed' | 'canceled';
  readonly bytes: number | null;
  readonly received_bytes: number;
  readonly video_id: string | null;
  readonly duplicate: boolean;
  readonly error: ErrorJson | null;
}

export interface Uploaded {
  readonly videoId: string;
  /** The same bytes were that video already. */
  readonly duplicate: boolean;
}

interface Begun {
  readonly path: string;
  /** Bytes of it that the service has. */
  readonly sent: number;
}

/**
 * Resolves with the video that it became; rejects with the code of its refusal. What is given up is removed from the service; what
 * broke off, with its process too, is gone on with the next time.
 */
export async function uploadInPieces(api: ApiConnection, file: OpenFile, onSent: (bytes: number) => void): Promise<Uploaded> {
  const kept = await KeptUpload.of(api.baseUrl, file);
  try {
    const begun = (await resume(api, kept, file)) ?? (await begin(api, kept, file));
    const uploaded = await sendAll(api, begun, file, onSent).catch(async (error: Error) => {
      if (!isPassing(error)) await Promise.all([forget(api, begun.path), kept.forget()]);
      throw error;
    });
    await kept.forget();
    return uploaded;
  } finally {
    kept.release();
  }
}

async function begin(api: ApiConnection, kept: KeptUpload, file: OpenFile): Promise<Begun> {
  const metadata = `filename ${Buffer.from(file.name).toString('base64')}`;
  const { headers } = await api.request('/v1/uploads', { method: 'POST', headers: { ...TUS, 'upload-length': String(file.bytes), 'upload-metadata': metadata } });
  const path = `/v1/uploads/${headers.get('location')?.split('/').at(-1) ?? ''}`;
  await kept.keep(path);
  return { path, sent: 0 };
}

/** Undefined where the service has none of before that could be gone on with. */
async function resume(api: ApiConnection, kept: KeptUpload, file: OpenFile): Promise<Begun | undefined> {
  const path = await kept.path();
  if (path === undefined) return undefined;
  await untilWritten(api, path);
  try {
    const { status, bytes, received_bytes: sent, video_id: videoId } = await api.jsonPatiently<UploadJson>(path);
    if (videoId !== null) await api.patiently(`/v1/videos/${videoId}`);
    return bytes === file.bytes && status !== 'failed' && status !== 'canceled' ? { path, sent } : undefined;
  } catch (error) {
    if (error instanceof AppError && (error.code === 'upload.not_found' || error.code === 'video.not_found')) return undefined;
    throw error;
  }
}

async function sendAll(api: ApiConnection, begun: Begun, file: OpenFile, onSent: (bytes: number) => void): Promise<Uploaded> {
  const { path } = begun;
  let [sent, failures] = [begun.sent, 0];
  for (;;) {
    const failed = await sendFrom(api, path, file, sent, onSent);
    if (failed && isPassing(failed)) await settle(api, path, failed);
    const { status, received_bytes: received, video_id: videoId, duplicate, error } = await api.jsonPatiently<UploadJson>(path);
    if (videoId !== null) return { videoId, duplicate };
    if (error) throw new AppError(error.code as ErrorCode, error.message);
    if (status === 'canceled') throw new AppError('upload.gone', `The upload of ${file.name} was canceled.`);
    failures = received > sent ? 0 : failures + 1;
    sent = received;
    if (failed && !isRunning({ status }) && (!isPassing(failed) || failures > MOST_FAILURES)) throw failed;
    if (received === file.bytes) await api.pause(POLL_MS); // it is being made a video of
  }
}

/** Sends piece after piece; resolves with what stopped it. */
async function sendFrom(api: ApiConnection, path: string, file: OpenFile, from: number, onSent: (bytes: number) => void): Promise<Error | undefined> {
  for (let offset = from; offset < file.bytes; onSent(offset)) {
    const piece = await readPiece(file, offset, Math.min(PIECE_BYTES, file.bytes - offset));
    const headers = { ...TUS, 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset) };
    try {
      const { headers: answer } = await api.request(path, { method: 'PATCH', headers, body: piece });
      offset = Number(answer.get('upload-offset'));
    } catch (error) {
      return error as Error;
    }
  }
  return undefined;
}

/** Waits as long as the service asks to, and until what came before the break is written: what it then tells is where it stands. */
async function settle(api: ApiConnection, path: string, failed: Error): Promise<void> {
  const seconds = retryAfterOf(failed);
  await api.pause(seconds === undefined ? POLL_MS : seconds * 1000);
  await untilWritten(api, path);
}

/** The service answers once nobody else writes to the upload. */
async function untilWritten(api: ApiConnection, path: string): Promise<void> {
  await api.patiently(path, { method: 'HEAD', headers: TUS }).catch((error: unknown) => {
    if (isAway(error)) throw error; // any other is told better by the upload itself
  });
}

/** A line that broke, another request that still writes, or a service that has too much to do. */
const isPassing = (error: Error): boolean =>
  isAway(error) || retryAfterOf(error) !== undefined || (error instanceof AppError && ['upload.offset_conflict', 'upload.busy', 'upload.aborted'].includes(error.code));

/** Nobody goes on with it; where the service is away, it expires there. */
async function forget(api: ApiConnection, path: string): Promise<void> {
  await api.until(undefined).request(path, { method: 'DELETE', headers: TUS }).catch(() => undefined);
}
