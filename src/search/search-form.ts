// Reads a search that comes as a multipart form: the picture as the file `image`, the rest as fields or as JSON in one field each.
import busboy from 'busboy';
import type { Request } from 'express';
import { AppError } from '../app-error.js';
import { tooLarge } from './search-image.js';
import { MOST_IMAGE_BYTES } from './search.schema.js';

export interface SearchForm {
  /** What a JSON body would hold, without the picture. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly image: Buffer | undefined;
}

const TEXT_FIELDS = new Set(['query', 'cursor', 'group_by', 'image']);

/** Rejects with `search.form_malformed` or `search.image_too_large`. */
export function readSearchForm(request: Request): Promise<SearchForm> {
  return new Promise((resolve, reject) => {
    const body = Object.create(null) as Record<string, unknown>; // a field may have any name, `__proto__` too
    const chunks: Buffer[] = [];
    let hasImage = false;
    const fail = (error: AppError): void => {
      request.unpipe();
      request.resume(); // let the client finish sending, so that it can read the answer
      reject(error);
    };
    const malformed = (what: string, cause?: unknown): void => fail(new AppError('search.form_malformed', `The form is broken: ${what}.`, { cause }));
    let parser: busboy.Busboy;
    try {
      parser = busboy({ headers: request.headers, defParamCharset: 'utf8', limits: { files: 1, fields: 20, fieldSize: 64 * 1024, fileSize: MOST_IMAGE_BYTES } });
    } catch (cause) {
      return malformed('its header cannot be read', cause);
    }
    parser.on('field', (name, value, { valueTruncated }) => {
      if (valueTruncated) return malformed(`${name} is too long`);
      try {
        body[name] = TEXT_FIELDS.has(name) ? value : (JSON.parse(value) as unknown);
      } catch (cause) {
        malformed(`${name} is not JSON`, cause);
      }
    });
    parser.on('file', (name, file) => {
      hasImage ||= name === 'image';
      file.on('error', () => undefined); // reported once, by the parser
      file.on('limit', () => fail(tooLarge()));
      file.on('data', (chunk: Buffer) => name === 'image' && chunks.push(chunk));
    });
    parser.on('filesLimit', () => malformed('it has more than one file'));
    parser.on('fieldsLimit', () => malformed('it has more than 20 fields'));
    parser.on('error', (cause) => malformed('its parts cannot be told apart', cause));
    parser.on('close', () => resolve({ body, image: hasImage ? Buffer.concat(chunks) : undefined }));
    request.on('aborted', () => parser.destroy(new Error('aborted')));
    request.pipe(parser);
  });
}
