// The suites over single rules of the specification, one for each vector file.
import { chatTemplate } from './chat-template.js';
import { frameSampling, processorFrameSampling } from './frame-sampling.js';
import { mrope } from './mrope.js';
import { patchify } from './patchify.js';
import { resize } from './resize.js';
import { rope } from './rope.js';
import { smartResizing } from './smart-resize.js';
import { type VectorSuite } from './suite.js';
import { videoPlan } from './video-plan.js';
import { visionIndex } from './vision-index.js';

export const vectorSuites: readonly VectorSuite[] = [
  smartResizing,
  frameSampling,
  processorFrameSampling,
  videoPlan,
  resize,
  patchify,
  visionIndex,
  rope,
  mrope,
  chatTemplate,
];
