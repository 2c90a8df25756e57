// Jobs of the analysis domain: what may be rung for, apart from the code that does it.
import { defineJob } from '../platform/queue/queue.js';

/** Plan windows for what has been scanned so far. Id: a task. */
export const planTask = defineJob({ name: 'plan-task', role: 'model' });

/** Decode, encode and ask a window: whichever is the fairest to do next. Id: any window that waits. */
export const analyzeWindow = defineJob({ name: 'analyze-window', role: 'model' });

/** Merge the events of all windows and finish the task. Id: a task. */
export const mergeTask = defineJob({ name: 'merge-task', role: 'model' });
