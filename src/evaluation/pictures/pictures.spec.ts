// Questions about pictures of the world, and what their answers are worth.
import { expect, it } from 'vitest';
import { judgePicture, type PictureAnswer } from './judge-picture.js';
import { type PictureQuestion, pictureQuestions, TASKS } from './picture-questions.js';
import { pictureSummaryJson, summarisePictures } from './picture-summary.js';

const questions = pictureQuestions(3, 22);

/** What somebody says who knows the truth, as the API writes it. */
function truth({ task, boxes, texts }: PictureQuestion): PictureAnswer {
  if (task === 'page') return { places: [], blocks: texts, unparsed: 0 };
  const places = boxes.map(([left, top, right, bottom], k) => {
    const label = texts[k] ?? null;
    return task === 'point' ? { label, point: [(left + right) / 2, (top + bottom) / 2] as const } : { label, box: [left, top, right, bottom] as const };
  });
  return { places, blocks: [], unparsed: 0 };
}

const figures = (answer: (question: PictureQuestion) => PictureAnswer): Record<string, unknown> =>
  pictureSummaryJson(summarisePictures(questions.map((question) => judgePicture(question, answer(question))), 1));

it('asks as often for boxes, points, labels and pages, of pictures that show what is asked for', () => {
  expect(TASKS.map((task) => questions.filter((question) => question.task === task).length)).toEqual([6, 6, 5, 5]);
  expect(new Set(questions.map(({ qid }) => qid)).size).toBe(22);
  expect(pictureQuestions(3, 22).map(({ prompt, boxes }) => [prompt, boxes])).toEqual(questions.map(({ prompt, boxes }) => [prompt, boxes]));
  for (const { boxes, texts, draw } of questions.filter(({ task }) => task !== 'page')) {
    const { width, height, rgb } = draw();
    expect(rgb).toHaveLength(width * height * 3);
    const [left = 0, top = 0, right = 0, bottom = 0] = boxes[0] ?? [];
    expect(left >= -width && right > left && bottom > top && bottom <= 2 * height, texts[0]).toBe(true);
  }
});

it('gives the truth full marks', () => {
  expect(figures(truth)).toMatchObject({ dataset: 'world-pictures', questions: 22, box_miou: 1, points_inside: 1, labels_read: 1, label_box_miou: 1, pages_read: 1, page_lines_read: 1, unanswered: 0 });
});

it('counts nothing said, things that cannot be read, and errors against the model', () => {
  const nothing = { places: [], blocks: [], unparsed: 1, error: 'api.failed' };
  expect(figures(() => nothing)).toMatchObject({ box_miou: 0, points_inside: 0, labels_read: 0, pages_read: 0, page_lines_read: 0, parse_failures: 22, unanswered: 22 });
});

it('wants every letter of a label and every line of a page, in its place', () => {
  const answer = (question: PictureQuestion): PictureAnswer => {
    const { places, blocks } = truth(question);
    return { places: places.map((place) => ({ ...place, label: `${place.label}X` })), blocks: [...blocks, 'MORE'], unparsed: 0 };
  };
  expect(figures(answer)).toMatchObject({ box_miou: 1, labels_read: 0, label_box_miou: 1, pages_read: 0, page_lines_read: 1 });
});
