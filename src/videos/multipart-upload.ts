// Reads a multipart request with exactly one file and hands its bytes on as they arrive; nothing is held in memory.
import busboy from 'busboy';
import type { Request } from 'express';
import type { Readable } from 'node:stream';
import { AppError } from '../app-error.js';

const NAME_LIMIT = 255;

/** Calls `store` with the one file part and resolves with what it returns, after the whole request has been read. */
export function receiveOneFile<T>(
  request: Request,
  store: (file: Readable, name: string) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let stored: Promise<T> | undefined;
    const fail = (error: unknown): void => {
      request.unpipe();
      request.resume(); // let the client finish sending, so that it can read the answer
      reject(error instanceof Error ? error : new AppError('upload.malformed', String(error)));
    };
    const parser = openParser(request, fail);
    if (!parser) return;
    parser.on('file', (_field, file, { filename }) => {
      file.on('error', () => undefined); // reported once, by the parser or by `store`
      stored = store(file, cleanName(filename));
      stored.catch(fail);
    });
    parser.on('filesLimit', () => fail(new AppError('upload.too_many_files', 'Send one file per request.')));
    parser.on('error', (cause) => fail(new AppError('upload.malformed', 'The multipart body is broken.', { cause })));
    parser.on('close', () => {
      if (stored) stored.then(resolve, reject);
      else fail(new AppError('upload.no_file', 'The form has no file; send it as the part "file".'));
    });
    request.on('aborted', () => {
      parser.destroy(new Error('aborted'));
      fail(new AppError('upload.aborted', 'The connection closed before the whole file had arrived.'));
    });
    request.pipe(parser);
  });
}

function openParser(request: Request, fail: (error: unknown) => void): busboy.Busboy | undefined {
  if (!/^multipart\/form-data\b/i.test(request.headers['content-type'] ?? '')) {
    fail(new AppError('upload.not_multipart', 'Send multipart/form-data with the video as the part "file".'));
    return undefined;
  }
  try {
    return busboy({ headers: request.headers, defParamCharset: 'utf8', limits: { files: 1, fields: 20, fieldSize: 4096 } });
  } catch (cause) {
    fail(new AppError('upload.malformed', 'The multipart header is broken.', { cause }));
    return undefined;
  }
}

/** Keeps the name readable and harmless: last path step, no control characters, bounded. */
function cleanName(name: string | undefined): string {
  const last = (name ?? '').split(/[\\/]/).at(-1) ?? '';
  return last.replace(/[\u0000-\u001f\u007f]/g, '').trim().slice(0, NAME_LIMIT) || 'video';
}
