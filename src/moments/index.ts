// Front door of the moments domain.
export { answerKey } from './answer-key.js';
export { type CurrentAnalysis, CurrentAnalyses } from './current-analysis.js';
export {
  Moment,
  type MomentEvidence,
  type MomentOutcome,
  MomentQuery,
  type MomentRequest,
  type MomentWarning,
  type MomentWindow,
  type NewMoment,
  type RejectedMoment,
  type SaliencyCurve,
  type Searched,
  type SearchedWindow,
} from './moment-query.entity.js';
export { momentResource, momentsResource, question, wait } from './moment.schema.js';
export { momentErrors } from './moments.errors.js';
export { MomentsModule } from './moments.module.js';
export { presentMoment } from './present-moments.js';
export { type AskedQuestion, type ClaimedQuestion, DUE_QUESTIONS, MomentsService } from './moments.service.js';
