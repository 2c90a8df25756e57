// Objects of any bucket, answered as an HTTP server answers: whole, or a range as long as they are the same.
import { GetObjectCommand, type GetObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3';
import { AppError } from '../../app-error.js';
import { type ObjectStoreConfig } from '../config/object-store.js';
import { type OutgoingRequest, type OutgoingResponse } from '../http/outgoing-request.js';
import { bodyOf, createS3Client, faultOf, statusOf } from './s3-client.js';

/** An object of a bucket. */
export interface ObjectName {
  readonly bucket: string;
  readonly key: string;
}

/** The range does not fit, or what it was to be of has changed. */
const CHANGED = new Set<number | undefined>([412, 416]);
const AGAIN = new Set<number | undefined>([undefined, 408, 429]);

export class BucketReader {
  private readonly client: S3Client;

  constructor(config: ObjectStoreConfig) {
    this.client = createS3Client(config);
  }

  /**
   * The object, or the `range` of it where `if-range` is its ETag. Rejects with `import.not_found`, `import.refused`, `import.unavailable` or
   * `http.too_large`, or with the reason of `signal`.
   */
  async request(name: ObjectName, { headers = {}, maxBytes, timeoutMs, signal }: OutgoingRequest): Promise<OutgoingResponse> {
    const url = `s3://${name.bucket}/${name.key}`;
    const over = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])]);
    const answer = await this.get(name, headers, over).catch((error: unknown) => {
      signal?.throwIfAborted();
      throw asRefusal(error, url);
    });
    const { ETag, ContentLength = 0, ContentRange, ContentType } = answer;
    const body = bodyOf(answer, (cause) => asRefusal(cause, url));
    const found = { etag: ETag, 'content-length': String(ContentLength), 'content-range': ContentRange, 'content-type': ContentType };
    const known = Object.entries(found).flatMap(([header, value]) => (value === undefined ? [] : [[header, value] as const]));
    if (ContentLength <= maxBytes) return { url, status: ContentRange === undefined ? 200 : 206, headers: Object.fromEntries(known), body };
    body.destroy();
    throw new AppError('http.too_large', `The object is larger than ${maxBytes} bytes.`);
  }

  private async get({ bucket, key }: ObjectName, headers: Readonly<Record<string, string>>, abortSignal: AbortSignal): Promise<GetObjectCommandOutput> {
    const object = { Bucket: bucket, Key: key };
    const { range: Range, 'if-range': IfMatch } = headers;
    if (Range !== undefined && IfMatch !== undefined) {
      const answer = await this.client.send(new GetObjectCommand({ ...object, Range, IfMatch }), { abortSignal }).catch((error: unknown) => {
        if (!CHANGED.has(statusOf(error))) throw error;
      });
      if (answer?.ETag === IfMatch) return answer;
      if (answer) bodyOf(answer, (cause) => asRefusal(cause, key)).destroy(); // a store that does not look at what it is to match
    }
    return this.client.send(new GetObjectCommand(object), { abortSignal });
  }
}

function asRefusal(error: unknown, url: string): AppError {
  const status = statusOf(error);
  const name = faultOf(error);
  if (status === 404) return new AppError('import.not_found', `There is no ${url}.`, { cause: error });
  const isFinal = !AGAIN.has(status) && Number(status) < 500;
  if (isFinal) return new AppError('import.refused', `The object store refuses ${url}: ${name}.`, { cause: error });
  return new AppError('import.unavailable', `The object store does not send ${url}: ${name}.`, { cause: error });
}
