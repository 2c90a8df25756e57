// Front door of the segments domain.
export { type ModelEvidence, type NewSegment, Segment, type SegmentSource, type TrackEvidence, type WindowEvidence } from './segment.entity.js';
export { SegmentsModule } from './segments.module.js';
export { SegmentsService } from './segments.service.js';
