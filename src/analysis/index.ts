// Front door of the analysis domain.
export { analysisErrors } from './analysis.errors.js';
export { AnalysisModule } from './analysis.module.js';
export { completeAbandonedBatches } from './batch-completion.js';
export { TaskBatch } from './batch.entity.js';
export { BATCH_BODY_BYTES } from './batch.schema.js';
export { DUE_ANALYSIS, DueWork } from './due-work.js';
export { range, sampling } from './task.schema.js';
export { RESPONSE_TYPE, Task, type TaskWarning } from './task.entity.js';
export { CANCELED_CHANNEL, type ClaimedTask, type ClaimedWindow, type PlannedPart, TASK_CHANNEL, TaskState, type WindowOutcome } from './task-state.js';
export { Window, type WindowRecord } from './window.entity.js';
