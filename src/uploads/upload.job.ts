// Job of an upload.
import { defineJob } from '../platform/queue/queue.js';

/** Fetch what has to be fetched and make a video of it. Id: an upload. */
export const receiveUpload = defineJob({ name: 'receive-upload', role: 'media' });
