// Front door of the tracks domain.
export { Track } from './track.entity.js';
export { trackErrors } from './tracks.errors.js';
export { TracksModule } from './tracks.module.js';
export { type NewTrack, TracksService } from './tracks.service.js';
