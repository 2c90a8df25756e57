// Sends a file in pieces (tus 1.0): what broke off, even by leaving the page, goes on where it was when the file is chosen again.
import { defaultOptions, DetailedError, type HttpResponse, Upload, type PreviousUpload } from 'tus-js-client';
import { ApiProblem, unreachable } from '../api/problem';
import type { Problem } from '../api/resources';
import type { Arrival, SendOptions } from './uploader';
import { followUpload } from './url-import';

const ENDPOINT = '/v1/uploads';

/** Below what proxies let through in one request. */
const PIECE_BYTES = 8 * 1024 * 1024;

/** Codes of refusals that no other piece changes. */
const ENDED = /^(?:video|quota)\.|^upload\.gone$/;

/** Long enough for a service that is started again. */
const RETRY_MS = [500, 1000, 3000, 5000, ...Array<number>(6).fill(10_000)];

export async function sendInPieces(file: File, options: SendOptions): Promise<Arrival> {
  const { onProgress, signal } = options;
  let ended: (arrival: Arrival | Promise<Arrival>) => void = () => undefined;
  let failed: (reason: unknown) => void = () => undefined;
  const outcome = new Promise<Arrival>((resolve, reject) => ([ended, failed] = [resolve, reject]));
  const upload = new Upload(file, {
    endpoint: ENDPOINT,
    chunkSize: PIECE_BYTES,
    retryDelays: RETRY_MS,
    metadata: { filename: file.name },
    removeFingerprintOnSuccess: true,
    onProgress: (sent) => onProgress(sent, file.size),
    onSuccess: ({ lastResponse }) => ended(arrivalOf(lastResponse) ?? followUpload(idOf(upload), options)), // its end may be left to a worker
    onError: (error) => failed(problemOf(error)),
  });
  const [before] = await upload.findPreviousUploads();
  if (signal.aborted) throw canceled();
  signal.addEventListener('abort', () => {
    void upload.abort(true).catch(() => undefined); // what the service is not told of, it forgets by itself
    failed(canceled());
  });
  if (before) upload.resumeFromPreviousUpload(before);
  upload.start();
  return outcome.catch(async (error: unknown) => {
    if (error instanceof ApiProblem && ENDED.test(error.code)) await forgetKept(upload);
    throw error;
  });
}

function arrivalOf(response: HttpResponse): Arrival | undefined {
  const videoId = response.getHeader('X-Video-Id');
  return videoId === undefined ? undefined : { videoId, isDuplicate: response.getHeader('X-Video-Duplicate') === 'true' };
}

const idOf = ({ url }: Upload): string => url?.split('/').at(-1) ?? '';

const canceled = (): DOMException => new DOMException('canceled', 'AbortError');

async function forgetKept(upload: Upload): Promise<void> {
  for (const { urlStorageKey } of await upload.findPreviousUploads()) await defaultOptions.urlStorage.removeUpload(urlStorageKey);
}

function problemOf(error: Error): ApiProblem {
  const response = error instanceof DetailedError ? error.originalResponse : null;
  if (response === null) return unreachable();
  const status = response.getStatus();
  const { code = `http.${status}`, detail = `The service answered ${status}.` } = parsed(response.getBody());
  return new ApiProblem(status, code, detail);
}

function parsed(body: string): Partial<Problem> {
  try {
    return JSON.parse(body) as Partial<Problem>;
  } catch {
    return {};
  }
}

/** An upload that this browser began and did not end. */
export interface BrokenUpload {
  readonly key: string;
  readonly name: string;
  readonly bytes: number | null;
  readonly forget: () => Promise<void>;
}

export async function brokenUploads(): Promise<BrokenUpload[]> {
  const { urlStorage } = defaultOptions;
  return (await urlStorage.findAllUploads()).map(({ urlStorageKey, metadata, size, uploadUrl }: PreviousUpload) => ({
    key: urlStorageKey,
    name: metadata['filename'] ?? '',
    bytes: size,
    forget: async () => {
      await urlStorage.removeUpload(urlStorageKey);
      if (uploadUrl !== null) await Upload.terminate(uploadUrl);
    },
  }));
}
