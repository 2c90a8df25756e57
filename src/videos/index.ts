// Front door of the videos domain.
export { clippedRange } from './clipped-range.js';
export { holdVideo, holdVideoAlone } from './hold-video.js';
export { FrameIndexes } from './frame-indexes.js';
export { ofTenant } from './of-tenant.js';
export { orphanedObjects } from './orphans.js';
export { VideoFiles } from './video-files.js';
export { StoredStream } from './video-stream.entity.js';
export { Video } from './video.entity.js';
export { asRefusal, tooLarge, videoErrors, videoNotFound } from './video.errors.js';
export { acceptedResource, presentVideo, videoId } from './video.schema.js';
export { VideosModule } from './videos.module.js';
export { ORPHAN_MS, VideoRemoval } from './video-removal.js';
export { type AcceptedVideo, VideosService } from './videos.service.js';
