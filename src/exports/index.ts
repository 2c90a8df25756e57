// Front door of the exports: stretches of a video as files for players, spreadsheets and editing programs.
export { clockTime } from './captions.js';
export { documentFiles } from './document-files.js';
export { type ExportRecord, type SourceVideo } from './export-record.js';
export { chosenFormat, type ExportQuery, exportQuery } from './export.schema.js';
export { exportErrors } from './exports.errors.js';
export { contentDisposition, exportFileName } from './export-text.js';
export { FILE_FORMATS, type FileFormat, FORMATS } from './formats.js';
export { sendExport } from './send-export.js';
