// Jobs of the moments domain.
import { defineJob } from '../platform/queue/queue.js';

/** Put a question to the windows of a video. Id: a moment query. */
export const answerMoments = defineJob({ name: 'answer-moments', role: 'model' });
