// Front door of the cuts: clip lists as MP4 files.
export { cutErrors } from './cut.errors.js';
export { Cut, CutClip, CutFile } from './cut.entity.js';
export { type ClaimedCut, CutState, DUE_CUTS, type RenderedFile } from './cut-state.js';
export { CutsModule } from './cuts.module.js';
