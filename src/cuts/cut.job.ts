// Job of a cut.
import { defineJob } from '../platform/queue/queue.js';

/** Render the clips of a cut. Id: a cut. */
export const renderCut = defineJob({ name: 'render-cut', role: 'media' });
