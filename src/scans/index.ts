// Front door of the scans domain.
export { damageOf } from './damage.js';
export { DUE_SCANS, DueScans } from './due-scans.js';
export { scanErrors } from './scan.errors.js';
export { Scan, ScanChunk, type ScanWarning, type SpriteSheet } from './scan.entity.js';
export { type ChunkOutcome, type ClaimedChunk, type ClaimedScan, ScanState } from './scan-state.js';
export { ScansModule } from './scans.module.js';
export { ScansService } from './scans.service.js';
