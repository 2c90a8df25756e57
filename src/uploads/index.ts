// Front door of the uploads domain.
export { fetchToPart, type Source } from './fetch-to-part.js';
export { type FileVersion, readVersion } from './file-version.js';
export { readObjectUrl } from './object-url.js';
export { Upload } from './upload.entity.js';
export { uploadErrors } from './upload.errors.js';
export { DUE_UPLOADS, type ClaimedUpload, UploadState } from './upload-state.js';
export { UploadsService } from './uploads.service.js';
export { UploadsModule } from './uploads.module.js';
