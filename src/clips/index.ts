// Front door of the clip lists.
export { clipsInOrder } from './clip.schema.js';
export { clipErrors } from './clips.errors.js';
export { ClipsModule } from './clips.module.js';
export { placeClips } from './place-clips.js';
