// Jobs of the analysis domain: what may be rung for, apart from the code that does it.
import { defineJob } from '../platform/queue/queue.js';

/** Index, scan and plan a video, then ring for its windows. Id: a task. */
export const prepareTask = defineJob({ name: 'prepare-task' });

/** Decode, encode and ask one window. Id: a window. */
export const analyzeWindow = defineJob({ name: 'analyze-window' });

/** Merge the events of all windows and finish the task. Id: a task. */
export const mergeTask = defineJob({ name: 'merge-task' });
