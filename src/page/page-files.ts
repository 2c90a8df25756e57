// Where the built page lies, and how its files are sent: names that hold a hash are kept for ever, everything else is asked for again.
import type { Response } from 'express';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../app-error.js';
import { type ErrorStatuses } from '../platform/http/problem.filter.js';

export const pageErrors: ErrorStatuses = { 'page.not_found': 404 };

const product = fileURLToPath(new URL('../../../', import.meta.url));
export const PAGE_FOLDER = resolve(product, 'dist/web');
export const DEMO_FOLDER = resolve(product, 'models/demo');

export const KEPT_FOR_EVER = 'public, max-age=31536000, immutable';

/** Rejects with `page.not_found` where there is no such file. */
export async function sendFrom(folder: string, name: string, response: Response): Promise<void> {
  await new Promise<void>((resolve, reject) =>
    response.sendFile(name, { root: folder, cacheControl: false }, (error) => (error && !response.headersSent ? reject(error) : resolve())),
  ).catch((cause: unknown) => {
    for (const header of ['cache-control', 'content-encoding', 'etag']) response.removeHeader(header);
    throw new AppError('page.not_found', `There is no ${name} here; the page is built by npm run build.`, { cause });
  });
}
