// Front door of the feedback.
export { Feedback } from './feedback.entity.js';
export { feedbackErrors } from './feedback.errors.js';
export { FeedbackModule } from './feedback.module.js';
