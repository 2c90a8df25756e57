// Front door of the videos domain.
export { FrameIndexes } from './frame-indexes.js';
export { Video } from './video.entity.js';
export { videoErrors } from './video.errors.js';
export { videoId } from './video.schema.js';
export { VideosModule } from './videos.module.js';
export { VideosService } from './videos.service.js';
