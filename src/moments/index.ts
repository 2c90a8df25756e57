// Front door of the moments domain.
export { Moment, MomentQuery, type NewMoment, type Searched, type SearchedWindow } from './moment-query.entity.js';
export { momentErrors } from './moments.errors.js';
export { MomentsModule } from './moments.module.js';
export { type ClaimedQuestion, MomentsService } from './moments.service.js';
