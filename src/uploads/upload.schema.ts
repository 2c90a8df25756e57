// The upload resource as the API shows it, and what a video by URL is asked for with.
import { z } from 'zod';
import { pageOf } from '../platform/http/cursor.js';
import { outgoingUrl } from '../platform/http/guarded-fetch.js';
import { plainText } from '../platform/http/text.js';
import { type Upload } from './upload.entity.js';

export const uploadId = z.uuid().describe('Id of an upload.');

export const importBody = z
  .strictObject({
    url: outgoingUrl.describe('Where the video lies: http or https, at a public address.'),
    name: plainText(255).optional().describe('File name to show; the last step of the URL without it.'),
  })
  .meta({ id: 'VideoByUrl' });

export const uploadResource = z
  .object({
    id: uploadId,
    object: z.literal('upload'),
    source: z.enum(['tus', 'url', 'folder']),
    name: z.string(),
    url: z.string().nullable().describe('Where it is fetched from.'),
    status: z.enum(['receiving', 'queued', 'processing', 'ready', 'failed', 'canceled']),
    bytes: z.number().int().nullable().describe('Of the whole video; null while that is not known.'),
    received_bytes: z.number().int().describe('Bytes that have arrived.'),
    video_id: z.uuid().nullable().describe('The video that it became.'),
    duplicate: z.boolean().describe('True where the same bytes were a video already: video_id is that one.'),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'Upload' });

export const uploadPage = pageOf(uploadResource).meta({ id: 'UploadPage' });

export function presentUpload(upload: Upload, receivedBytes: number): z.infer<typeof uploadResource> {
  const { id, source, name, location, status, bytes, videoId, duplicate, errorCode, errorMessage, createdAt } = upload;
  return {
    ...{ id, object: 'upload', source, name, status, duplicate },
    url: source === 'url' ? location : null,
    bytes: bytes === null ? null : Number(bytes),
    received_bytes: receivedBytes,
    video_id: videoId,
    error: errorCode === null ? null : { code: errorCode, message: errorMessage ?? '' },
    created_at: createdAt.toISOString(),
  };
}
