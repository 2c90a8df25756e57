// Job of a proxy.
import { defineJob } from '../platform/queue/queue.js';

/** Make a copy of a video that browsers play. Id: a video. */
export const makeProxy = defineJob({ name: 'make-proxy', role: 'media' });
