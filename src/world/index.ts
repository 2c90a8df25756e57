// Front door of the world: scenes from seeds, their pictures and the truth about them.
export { drawFrame, framePainter } from './draw-frame.js';
export { drawPage, lineBox, makePage, type Page, type PageLine } from './page.js';
export { makeScene } from './make-scene.js';
export { type Box, boxesAt, type PlacedBox } from './boxes.js';
export { questionsOf, type AbsentKind, type Question } from './questions.js';
export * from './scene.js';
