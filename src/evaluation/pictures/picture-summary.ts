// The figures of questions about pictures.
import { mean, share } from '../../model/metrics/statistics.js';
import { type Definition, type Figure, figuresJson, measured } from '../figures.js';
import { type JudgedPicture } from './judge-picture.js';
import { type Task } from './picture-questions.js';

export interface PictureSummary {
  readonly questions: number;
  readonly unanswered: number;
  readonly parseFailures: number;
  readonly figures: readonly Figure[];
}

type Sample = readonly JudgedPicture[];

const of = (sample: Sample, task: Task): Sample => sample.filter(({ question }) => question.task === task);
const lines = (sample: Sample): number => of(sample, 'page').reduce((sum, { question }) => sum + question.texts.length, 0);

const DEFINITIONS: readonly Definition<JudgedPicture>[] = [
  { name: 'box_miou', title: 'Mean IoU of the first box', of: (sample) => mean(of(sample, 'box').map(({ iou }) => iou)) },
  { name: 'points_inside', title: 'First points inside of the object', of: (sample) => share(of(sample, 'point'), ({ isInside }) => isInside) },
  { name: 'labels_read', title: 'Labels read exactly', of: (sample) => share(of(sample, 'label'), ({ isRead }) => isRead) },
  { name: 'label_box_miou', title: 'Mean IoU of the box of a label', of: (sample) => mean(of(sample, 'label').map(({ iou }) => iou)) },
  { name: 'pages_read', title: 'Pages whose whole text is right', of: (sample) => share(of(sample, 'page'), ({ isRead }) => isRead) },
  { name: 'page_lines_read', title: 'Lines of pages that are right', of: (sample) => of(sample, 'page').reduce((sum, { linesRead }) => sum + linesRead, 0) / lines(sample) },
];

export function summarisePictures(judged: Sample, seed: number): PictureSummary {
  return {
    questions: judged.length,
    unanswered: judged.filter(({ answer }) => answer.error !== undefined).length,
    parseFailures: judged.reduce((sum, { answer }) => sum + answer.unparsed, 0),
    figures: DEFINITIONS.map((definition) => measured(definition, judged.map((each) => [each]), seed)).filter(({ value }) => Number.isFinite(value)),
  };
}

/** As one line of JSON, in the form of the other data sets. */
export function pictureSummaryJson({ questions, unanswered, parseFailures, figures }: PictureSummary): Record<string, unknown> {
  const { values, intervals } = figuresJson(figures, DEFINITIONS.map(({ name }) => name));
  return { dataset: 'world-pictures', questions, ...values, parse_failures: parseFailures, unanswered, intervals };
}
