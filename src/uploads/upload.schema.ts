// The upload resource as the API shows it, and what a video by URL or from a bucket is asked for with.
import { z } from 'zod';
import { pageOf } from '../platform/http/cursor.js';
import { outgoingUrl } from '../platform/http/guarded-fetch.js';
import { plainText, storable } from '../platform/http/text.js';
import { type Upload } from './upload.entity.js';

export const uploadId = z.uuid().describe('Id of an upload.');

const name = plainText(255).optional().describe('File name to show; the last step of where it lies without it.');

const videoByUrl = z.strictObject({ url: outgoingUrl.describe('Where the video lies: http or https, at a public address.'), name }).meta({ id: 'VideoByUrl' });

/** Steps that a store on a file system would follow are no part of a key. */
const objectKey = z
  .string()
  .min(1)
  .max(1024)
  .refine(storable, 'must not contain NUL or half of a surrogate pair')
  .refine((key) => key.split('/').every((step) => step !== '.' && step !== '..'), 'must not have the steps . or ..');

const videoFromBucket = z
  .strictObject({
    bucket: z.string().min(1).max(63).describe('A bucket of IMPORT_BUCKETS.'),
    key: objectKey.describe('Of the object that is the video.'),
    name,
  })
  .meta({ id: 'VideoFromBucket' });

const namesPlace = (body: unknown): boolean => typeof body === 'object' && body !== null && ['url', 'bucket', 'key'].some((field) => field in body);

export const importBody = z.union([videoByUrl, videoFromBucket], {
  error: ({ input }) => (namesPlace(input) ? undefined : 'must be a form with a file, or JSON with url, or with bucket and key'),
});
export type ImportBody = z.infer<typeof importBody>;

export const uploadResource = z
  .object({
    id: uploadId,
    object: z.literal('upload'),
    source: z.enum(['tus', 'url', 's3', 'folder']),
    name: z.string(),
    url: z.string().nullable().describe('Where it is fetched from; `s3://bucket/key` of an object.'),
    status: z.enum(['receiving', 'queued', 'processing', 'ready', 'failed', 'canceled']),
    bytes: z.number().int().nullable().describe('Of the whole video; null while that is not known.'),
    received_bytes: z.number().int().describe('Bytes that have arrived.'),
    video_id: z.uuid().nullable().describe('The video that it became.'),
    duplicate: z.boolean().describe('True where the same bytes were a video already: video_id is that one.'),
    error: z.object({ code: z.string(), message: z.string() }).nullable().describe('Why it failed; of one that is queued again, why the last try did.'),
    next_try_at: z.iso.datetime().nullable().describe('When one that could not be fetched is tried again.'),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'Upload' });

export const uploadPage = pageOf(uploadResource).meta({ id: 'UploadPage' });

export function presentUpload(upload: Upload, receivedBytes: number): z.infer<typeof uploadResource> {
  const { id, source, name, location, status, bytes, videoId, duplicate, errorCode, errorMessage, lastError, notBefore, createdAt } = upload;
  const waits = status === 'queued' && lastError !== null;
  return {
    ...{ id, object: 'upload', source, name, status, duplicate },
    url: source === 'url' || source === 's3' ? location : null,
    bytes: bytes === null ? null : Number(bytes),
    received_bytes: receivedBytes,
    video_id: videoId,
    error: errorCode === null ? (waits ? lastError : null) : { code: errorCode, message: errorMessage ?? '' },
    next_try_at: (waits && notBefore?.toISOString()) || null,
    created_at: createdAt.toISOString(),
  };
}
