// Front door of the evaluation domain.
export { type Dataset, type EvaluatedVideo } from './dataset.js';
export { type AskOptions, evaluate, type EvaluatedService, type Progress, type ServiceAnswer } from './evaluate.js';
export { type Figure } from './figures.js';
export { fileDataset } from './file-dataset.js';
export { footage } from './footage.js';
export { Journal, FINISHED, type RunSettings } from './journal.js';
export { type JudgedVideo, judgeVideo } from './judge.js';
export { judgePicture, type JudgedPicture, type PictureAnswer } from './pictures/judge-picture.js';
export { type DrawnPicture, type PictureQuestion, pictureQuestions } from './pictures/picture-questions.js';
export { type PictureSummary, pictureSummaryJson, summarisePictures } from './pictures/picture-summary.js';
export { type Predictions, readPredictions } from './predictions.js';
export { type FormatName, FORMATS, isFormat } from './readers/formats.js';
export { reportPage } from './report/page.js';
export { simpleWorld } from './simple-world/dataset.js';
export { type Summary, summarise, summaryJson } from './summary.js';
export { world } from './world-dataset.js';
