// Sends a video in pieces by tus 1.0: goes on where it broke off, by itself or the next time.
import { DetailedError, Upload, type UrlStorage } from 'tus-js-client';
import { SecondsightError } from './error.js';

/** What tus-js-client reads: a File or Blob in a browser; a Buffer or what `createReadStream(path)` gives in Node. */
export type UploadSource = Upload['file'];

export interface UploadOptions {
  /** File name to show. */
  readonly name?: string;
  /** Bytes that have arrived, of how many; null where the source does not tell. */
  readonly onProgress?: (sent: number, total: number | null) => void;
  /** Told where the upload lies as soon as it has begun: given as `resume` the next time, it goes on from there. */
  readonly onBegun?: (url: string) => void;
  readonly resume?: string;
  /** Stops; what has arrived is kept for the next time. */
  readonly signal?: AbortSignal;
  /** Default 8 MiB: no more than a piece is sent twice when the line breaks. */
  readonly pieceBytes?: number;
  /** Bytes, of a stream that does not tell. */
  readonly bytes?: number;
}

export interface UploadTarget {
  readonly endpoint: string;
  readonly headers: Record<string, string>;
}

const PIECE_BYTES = 8 * 1024 ** 2;
/** Pauses before it is tried again; every piece that arrives begins them anew. */
const RETRY_MS = [0, 250, 500, 1000, 2000, 4000, 8000, 15_000, 30_000];

/** What is kept between uploads is up to the caller. */
const NOTHING_KEPT: UrlStorage = {
  findAllUploads: () => Promise.resolve([]),
  findUploadsByFingerprint: () => Promise.resolve([]),
  removeUpload: () => Promise.resolve(),
  addUpload: () => Promise.resolve(''),
};

/** The URL of the upload, once its last byte has arrived. Rejects with the code of the refusal, `client.upload_failed`, or the reason of the signal. */
export function sendInPieces(source: UploadSource, { endpoint, headers }: UploadTarget, options: UploadOptions): Promise<string> {
  const { name, onProgress, onBegun, resume, signal, pieceBytes = PIECE_BYTES, bytes } = options;
  return new Promise((resolve, reject) => {
    const upload: Upload = new Upload(source, {
      ...{ endpoint, headers, chunkSize: pieceBytes, retryDelays: RETRY_MS, urlStorage: NOTHING_KEPT, storeFingerprintForResuming: false },
      ...(name !== undefined && { metadata: { filename: name } }),
      ...(resume !== undefined && { uploadUrl: resume }),
      ...(bytes !== undefined && { uploadSize: bytes }),
      ...(onProgress && { onProgress }),
      onUploadUrlAvailable: () => onBegun?.(upload.url ?? ''),
      onSuccess: () => {
        signal?.removeEventListener('abort', stop);
        resolve(upload.url ?? '');
      },
      onError: (error) => {
        signal?.removeEventListener('abort', stop);
        reject(refusalOf(error));
      },
    });
    const stop = (): void => void upload.abort().then(() => reject(signal?.reason as Error), reject);
    if (signal?.aborted) return reject(signal.reason as Error);
    signal?.addEventListener('abort', stop, { once: true });
    upload.start();
  });
}

/** The service refuses with a problem of its own, whatever protocol the request was of. */
function refusalOf(error: Error): SecondsightError {
  const response = error instanceof DetailedError ? error.originalResponse : null;
  try {
    const { code, detail } = JSON.parse(response?.getBody() ?? '') as { code: string; detail: string };
    return new SecondsightError(code, detail, { ...(response && { status: response.getStatus() }), cause: error });
  } catch {
    return new SecondsightError('client.upload_failed', `The upload broke off: ${error.message}`, { cause: error });
  }
}
