// Reads a multipart request with exactly one file and hands its bytes on as they arrive; nothing is held in memory.
import busboy from 'busboy';
import type { Request } from 'express';
import type { Readable } from 'node:stream';
import { AppError } from '../../app-error.js';
import { cleanName } from './text.js';

/** What becomes of the file: `receive` keeps its bytes, `discard` removes what `receive` kept. */
export interface Receiver<T> {
  readonly receive: (file: Readable) => Promise<T>;
  readonly discard: (received: T) => Promise<void>;
}

/** Receives the one file of a form that arrives whole. Whatever goes wrong, nothing of it is kept; rejects with `upload.*` or as `receive` does. */
export async function receiveOneFile<T>(request: Request, { receive, discard }: Receiver<T>): Promise<{ received: T; name: string }> {
  const part: { name: string; receiving?: Promise<T> } = { name: '' };
  try {
    await readForm(request, (file, filename, fail) => {
      part.name = cleanName(unescaped(filename));
      part.receiving = receive(file);
      part.receiving.catch(fail);
    });
    if (!part.receiving) throw new AppError('upload.no_file', 'The form has no file; send it as the part "file".');
    return { received: await part.receiving, name: part.name };
  } catch (error) {
    await part.receiving?.then(discard, () => undefined);
    throw error;
  }
}

const ESCAPED: Readonly<Record<string, string>> = { '%22': '"', '%0D': '\r', '%0A': '\n' };

/** Forms escape these three in the name of a file, and not the percent sign: https://html.spec.whatwg.org/#multipart-form-data */
const unescaped = (name: string | undefined): string | undefined => name?.replace(/%22|%0D|%0A/g, (escape) => ESCAPED[escape] ?? escape);

type Fail = (error: unknown) => void;

/** Resolves once the closing boundary has been read. */
function readForm(request: Request, onFile: (file: Readable, name: string | undefined, fail: Fail) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail: Fail = (error) => {
      request.unpipe();
      request.resume(); // let the client finish sending, so that it can read the answer
      reject(error instanceof Error ? error : new AppError('upload.malformed', String(error)));
    };
    const parser = openParser(request, fail);
    if (!parser) return;
    parser.on('file', (_field, file, { filename }) => {
      file.on('error', () => undefined); // reported once, by the parser or by whoever reads the file
      onFile(file, filename, fail);
    });
    parser.on('filesLimit', () => fail(new AppError('upload.too_many_files', 'Send one file per request.')));
    parser.on('fieldsLimit', () => fail(new AppError('upload.malformed', 'The form has more than 20 fields.')));
    parser.on('error', (cause) => fail(new AppError('upload.malformed', 'The multipart body is broken.', { cause })));
    parser.on('close', resolve);
    request.on('aborted', () => {
      parser.destroy(new Error('aborted'));
      fail(new AppError('upload.aborted', 'The connection closed before the whole file had arrived.'));
    });
    request.pipe(parser);
  });
}

function openParser(request: Request, fail: (error: unknown) => void): busboy.Busboy | undefined {
  if (!/^multipart\/form-data\b/i.test(request.headers['content-type'] ?? '')) {
    fail(new AppError('upload.not_multipart', 'Send multipart/form-data with the file as the part "file".'));
    return undefined;
  }
  try {
    return busboy({ headers: request.headers, defParamCharset: 'utf8', limits: { files: 1, fields: 20, fieldSize: 4096 } });
  } catch (cause) {
    fail(new AppError('upload.malformed', 'The multipart header is broken.', { cause }));
    return undefined;
  }
}
