// Holds what was said of a picture against the truth.
import { type Box, type Point } from '../../model/grounding/boxes.js';
import { boxOverlap, isInside } from '../../model/metrics/box-overlap.js';
import { type PictureQuestion } from './picture-questions.js';

export interface PictureAnswer {
  /** In the order written, pixels of the picture as it was sent. */
  readonly places: readonly { readonly label: string | null; readonly box?: Box | undefined; readonly point?: Point | undefined }[];
  /** Texts of the blocks of a page, in order. */
  readonly blocks: readonly string[];
  /** Things that look like places and cannot be read. */
  readonly unparsed: number;
  /** Code of the error that took the place of an answer. */
  readonly error?: string | undefined;
}

export interface JudgedPicture {
  readonly question: PictureQuestion;
  readonly answer: PictureAnswer;
  /** Of the first box with the true one; 0 without one. */
  readonly iou: number;
  /** The first point is inside of the true box. */
  readonly isInside: boolean;
  /** Everything that is written there was read, and nothing else. */
  readonly isRead: boolean;
  /** Lines of a page that were read in their place. */
  readonly linesRead: number;
}

export function judgePicture(question: PictureQuestion, answer: PictureAnswer): JudgedPicture {
  const [truth] = question.boxes;
  const box = answer.places.find((place) => place.box)?.box;
  const point = answer.places.find((place) => place.point)?.point;
  const told = question.task === 'page' ? answer.blocks : answer.places.map(({ label }) => label ?? '');
  const linesRead = question.texts.filter((text, k) => told[k] === text).length;
  return {
    ...{ question, answer, linesRead },
    iou: box && truth ? boxOverlap(box, truth) : 0,
    isInside: point !== undefined && truth !== undefined && isInside(point, truth),
    isRead: linesRead === question.texts.length && told.length === linesRead,
  };
}
