// The connection to an S3-compatible object store, and its errors as those of the product.
import { S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { PassThrough, type Readable } from 'node:stream';
import { AppError } from '../../app-error.js';
import { type ObjectStoreConfig } from '../config/object-store.js';

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'; // no line of the log, and of later packages than these

const TRIES = 4;
const CONNECT_MS = 5000;
/** Longest silence of a connection: whoever watches a video may stop for a while. */
const SILENCE_MS = 120_000;

export function createS3Client(config: ObjectStoreConfig): S3Client {
  const { S3_ENDPOINT: endpoint, S3_REGION: region, S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey, S3_FORCE_PATH_STYLE: pathStyle } = config;
  const agent = { keepAlive: true, maxSockets: Infinity }; // those who watch videos take none from the rest
  return new S3Client({
    region,
    forcePathStyle: pathStyle === undefined ? endpoint !== undefined : pathStyle === 'true',
    ...(endpoint !== undefined && { endpoint }),
    ...(accessKeyId !== undefined && secretAccessKey !== undefined && { credentials: { accessKeyId, secretAccessKey } }),
    maxAttempts: TRIES,
    requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: SILENCE_MS, httpAgent: agent, httpsAgent: agent },
    // sums of our own are sent and looked at: many stores know no others
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
}

/** HTTP status of an answer that is an error; undefined for everything else. */
export const statusOf = (error: unknown): number | undefined => (error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined);

/** `ECONNREFUSED`, `AccessDenied`. */
export const faultOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
};

/** `storage.not_found`, `storage.full`, `storage.refused` or `storage.unreachable`. */
export function asStorageError(error: unknown, what: string): AppError {
  if (error instanceof AppError) return error;
  const status = statusOf(error);
  const name = faultOf(error);
  if (status === 404 && name !== 'NoSuchBucket') return new AppError('storage.not_found', `Nothing is stored as ${what}.`, { cause: error });
  if (status === 507) return new AppError('storage.full', 'The object store has no space left.', { cause: error });
  if (status !== undefined && status < 500) return new AppError('storage.refused', `The object store refuses ${what}: ${name}.`, { cause: error });
  return new AppError('storage.unreachable', `The object store cannot be reached: ${name}; try again when it is back.`, { cause: error });
}

/** The body of an answer, to be read or destroyed; where the connection breaks off, the error that `describe` makes of it says so. */
export function bodyOf(answer: { Body?: unknown }, describe: (cause: unknown) => AppError): Readable {
  const source = answer.Body as Readable;
  const body = new PassThrough();
  body.on('error', () => undefined); // whoever reads it is told; before that nobody may be there
  body.once('close', () => source.destroy());
  source.once('error', (cause) => body.destroy(describe(cause)));
  return source.pipe(body);
}
