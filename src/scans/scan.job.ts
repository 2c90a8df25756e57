// Jobs of a scan.
import { defineJob } from '../platform/queue/queue.js';

/** Scan a chunk: whichever is the fairest to do next. Id: any chunk that waits. */
export const scanChunk = defineJob({ name: 'scan-chunk', role: 'media' });

/** Join what the chunks of a video found. Id: a video. */
export const finishScan = defineJob({ name: 'finish-scan', role: 'media' });
