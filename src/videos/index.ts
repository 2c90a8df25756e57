// Front door of the videos domain.
export { holdVideo } from './hold-video.js';
export { FrameIndexes, type IndexedStream } from './frame-indexes.js';
export { ofTenant } from './of-tenant.js';
export { VideoFiles } from './video-files.js';
export { StoredStream } from './video-stream.entity.js';
export { Video } from './video.entity.js';
export { videoErrors } from './video.errors.js';
export { videoId } from './video.schema.js';
export { VideosModule } from './videos.module.js';
export { VideosService } from './videos.service.js';
