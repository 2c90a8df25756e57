// Sends a large file by tus 1.0: whatever breaks, it goes on where the service says that it stands.
import { AppError, type ErrorCode } from '../app-error.js';
import { type ApiConnection, isAway, POLL_MS, retryAfterOf } from './api-connection.js';
import { type ErrorJson, isRunning } from './api-types.js';
import { type OpenFile, readPiece } from './open-file.js';

/** What is sent in one request, and so at most again after a break. */
export const PIECE_BYTES = 8 * 1024 * 1024;

/** Requests that fail one after another, without a byte that arrives. */
const MOST_FAILURES = 20;

const TUS = { 'tus-resumable': '1.0.0' };

interface UploadJson {
  readonly status: 'receiving' | 'queued' | 'processing' | 'ready' | 'failed' | 'canceled';
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

/** Resolves with the video that it became; rejects with the code of its refusal. What is given up is removed from the service. */
export async function uploadInPieces(api: ApiConnection, file: OpenFile, onSent: (bytes: number) => void): Promise<Uploaded> {
  const metadata = `filename ${Buffer.from(file.name).toString('base64')}`;
  const begun = await api.request('/v1/uploads', { method: 'POST', headers: { ...TUS, 'upload-length': String(file.bytes), 'upload-metadata': metadata } });
  const path = `/v1/uploads/${begun.headers.get('location')?.split('/').at(-1) ?? ''}`;
  try {
    return await sendAll(api, path, file, onSent);
  } catch (error) {
    await forget(api, path);
    throw error;
  }
}

async function sendAll(api: ApiConnection, path: string, file: OpenFile, onSent: (bytes: number) => void): Promise<Uploaded> {
  let [sent, failures] = [0, 0];
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
