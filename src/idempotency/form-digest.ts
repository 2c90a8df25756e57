// What a multipart form holds, as one hash: the same for the same parts, whatever the boundary between them.
import busboy from 'busboy';
import { createHash } from 'node:crypto';
import type { Request } from 'express';

/** Any route refuses what is more. */
const LIMITS = { files: 1, fields: 20, parts: 21, fieldSize: 64 * 1024 };

/** Reads the form to its end and keeps nothing. Rejects where its parts cannot be told apart, or where it holds more than any route takes. */
export function digestForm(request: Request): Promise<string> {
  return new Promise((resolve, reject) => {
    const parser = busboy({ headers: request.headers, defParamCharset: 'utf8', limits: LIMITS });
    const parts: (() => string)[] = []; // of a file, known at its end only
    const hashOf = (name: string, more: string) => createHash('sha256').update(JSON.stringify([name, more])).update('\n');
    parser.on('field', (name, value) => parts.push(() => hashOf(name, 'field').update(value).digest('hex')));
    parser.on('file', (name, file, { filename }) => {
      const hash = hashOf(name, `file ${filename}`);
      parts.push(() => hash.digest('hex'));
      file.on('data', (chunk: Buffer) => hash.update(chunk));
      file.on('error', () => undefined); // reported once, by the parser
    });
    for (const limit of ['filesLimit', 'fieldsLimit', 'partsLimit'] as const) parser.on(limit, () => reject(new Error(limit)));
    parser.on('error', reject);
    parser.on('close', () => resolve(createHash('sha256').update(parts.map((part) => part()).join('\n')).digest('hex')));
    request.pipe(parser);
  });
}

/** Reads along while a handler reads the form, from its first byte on, as the request is a stream that is there only once. */
export function digestAlong(request: Request): () => Promise<string> {
  let digest: Promise<string> | undefined;
  const begin = (): Promise<string> => {
    digest ??= digestForm(request);
    digest.catch(() => undefined); // whoever waits for it is told
    return digest;
  };
  request.once('resume', () => void begin()); // nothing has flowed yet when this is told
  return begin;
}
