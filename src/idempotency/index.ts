// Front door of the domain of requests that are sent again.
export { idempotencyErrors } from './idempotency.errors.js';
export { Idempotency } from './idempotency.js';
export { IdempotencyModule } from './idempotency.module.js';
export { removeOldAnswers } from './kept-answers.js';
