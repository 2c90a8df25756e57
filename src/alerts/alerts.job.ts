// Job of the alerts domain.
import { defineJob } from '../platform/queue/queue.js';

/** Put the alerts of its tenant to a video that was analysed, and tell of what was found. Id: a video. */
export const followAlerts = defineJob({ name: 'follow-alerts', role: 'delivery' });
