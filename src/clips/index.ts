// Front door of the clip lists.
export { clipErrors } from './clips.errors.js';
export { ClipsModule } from './clips.module.js';
