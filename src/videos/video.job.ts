// Jobs that a new video gives rise to.
import { defineJob } from '../platform/queue/queue.js';

/** Make a video ready to be scanned: tracks, chapters, chunks. Id: a video. */
export const beginScan = defineJob({ name: 'begin-scan', role: 'media' });
