// Jobs of the embeddings domain.
import { defineJob } from '../platform/queue/queue.js';

/** Give vectors to the segments, and where there is an embedder for pictures to the seconds, of a video that have none. Id: a video. */
export const embedSegments = defineJob({ name: 'embed-segments', role: 'media' });
