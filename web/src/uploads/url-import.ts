// Has the service fetch a video from a URL, and follows how far it is.
import { call } from '../api/call';
import { ApiProblem, isPassing } from '../api/problem';
import type { UploadState } from '../api/resources';
import type { Arrival, SendOptions } from './uploader';

const POLL_MS = 700;

export async function sendByUrl(url: string, options: SendOptions): Promise<Arrival> {
  const accepted = await call('post', '/v1/videos', { body: { url } });
  return accepted.object === 'upload' ? followUpload(accepted.id, options) : { videoId: accepted.id, isDuplicate: accepted.duplicate };
}

/** Resolves when it is a video. */
export async function followUpload(id: string, { onProgress, signal }: SendOptions): Promise<Arrival> {
  signal.addEventListener('abort', () => void call('post', '/v1/uploads/{id}/cancel', { path: { id } }).catch(() => undefined), { once: true });
  for (;;) {
    signal.throwIfAborted();
    const upload = await uploadNow(id);
    if (upload) onProgress(upload.received_bytes, upload.bytes);
    if (upload && upload.video_id !== null) return { videoId: upload.video_id, isDuplicate: upload.duplicate };
    if (upload && isEnded(upload)) throw new ApiProblem(422, upload.error?.code ?? 'upload.canceled', upload.error?.message ?? 'The upload was canceled.');
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Undefined while the service is away: it goes on by itself. */
async function uploadNow(id: string): Promise<UploadState | undefined> {
  try {
    return await call('get', '/v1/uploads/{id}', { path: { id } });
  } catch (error) {
    if (isPassing(error)) return undefined;
    throw error;
  }
}

const isEnded = ({ status }: UploadState): boolean => status === 'failed' || status === 'canceled';

/** Fetches that were begun before this page was loaded. */
export async function runningImports(): Promise<UploadState[]> {
  const { data } = await call('get', '/v1/uploads', { query: { limit: 100 } });
  return data.filter((upload) => upload.source === 'url' && upload.video_id === null && !isEnded(upload));
}
