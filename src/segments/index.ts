// Front door of the segments domain.
export { CURRENT_TASK } from './current-task.js';
export { type ModelEvidence, type NewSegment, Segment, type SegmentSource, type TrackEvidence, type WindowEvidence } from './segment.entity.js';
export { SegmentsModule } from './segments.module.js';
export { SegmentsService } from './segments.service.js';
