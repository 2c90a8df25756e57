// Front door of the client.
export { type ListOptions, type ListPath, type Moments, type RowOf, Secondsight, type SecondsightOptions, type Task, type Video } from './client.js';
export { SecondsightError } from './error.js';
export type { components, paths } from './schema.js';
export { type UploadOptions, type UploadSource } from './upload.js';
export { type WaitOptions } from './wait.js';
export { verifyWebhook, type WebhookMessage } from './webhooks.js';
