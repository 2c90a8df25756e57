// Single pictures of the world with questions about them: where something is, what a label says, what a page holds.
import { type Box } from '../../model/grounding/boxes.js';
import { type Box as WorldBox, boxesAt, drawFrame, drawPage, lineBox, makePage, makeScene, type PlacedBox, type Scene } from '../../world/index.js';

export const TASKS = ['box', 'point', 'label', 'page'] as const;
export type Task = (typeof TASKS)[number];

export interface DrawnPicture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array; // [height, width, 3]
}

export interface PictureQuestion {
  readonly qid: string;
  readonly task: Task;
  readonly prompt: string;
  /** True boxes in pixels: of what is asked for, of the label, of each line of the page. */
  readonly boxes: readonly Box[];
  /** What is written in them; of an object its name. */
  readonly texts: readonly string[];
  readonly draw: () => DrawnPicture;
}

const HEIGHT = 224; // pixels
const SCENES_A_SEED = 10_000;

/** A quarter of each task, one more or less. */
export function pictureQuestions(seed: number, questions: number): PictureQuestion[] {
  return TASKS.flatMap((task, t) => taken(task, seed * SCENES_A_SEED, Math.ceil((questions - t) / TASKS.length)));
}

/** Of one scene after the other, those that can be asked so. */
function taken(task: Task, firstSeed: number, count: number): PictureQuestion[] {
  const found: PictureQuestion[] = [];
  for (let seed = firstSeed; found.length < count; seed++) found.push(...(task === 'page' ? [pageQuestion(seed)] : sceneQuestion(task, seed)));
  return found;
}

function pageQuestion(seed: number): PictureQuestion {
  const page = makePage(seed);
  return {
    ...{ qid: `page-${seed}`, task: 'page', prompt: 'QwenVL HTML' },
    boxes: page.lines.map((line) => pixels(lineBox(line))),
    texts: page.lines.map(({ text }) => text),
    draw: () => ({ width: HEIGHT, height: HEIGHT, rgb: drawPage(page, HEIGHT, HEIGHT) }),
  };
}

/** In the middle of an event, about something that is there once; none where there is nothing like that. */
function sceneQuestion(task: Exclude<Task, 'page'>, seed: number): PictureQuestion[] {
  const scene = makeScene(seed);
  const middles = scene.events.filter(({ kind }) => (kind === 'label') === (task === 'label')).map(({ start, end }) => (start + end) / 2);
  const seconds = middles[seed % middles.length];
  if (seconds === undefined) return [];
  const there = boxesAt(scene, seconds).filter(({ kind }) => (kind === 'label') === (task === 'label'));
  const single = task === 'label' && there.length > 1 ? [] : there.filter(({ name }) => there.filter((other) => other.name === name).length === 1);
  const asked = single[seed % single.length];
  return asked ? [questionAbout(task, scene, seconds, asked)] : [];
}

function questionAbout(task: Exclude<Task, 'page'>, scene: Scene, seconds: number, asked: PlacedBox): PictureQuestion {
  const width = 2 * Math.round((HEIGHT * scene.aspect) / 2);
  return {
    ...{ qid: `${task}-${scene.seed}`, task, prompt: PROMPTS[task](asked.name), boxes: [pixels(asked)], texts: [asked.name] },
    draw: () => ({ width, height: HEIGHT, rgb: drawFrame(scene, seconds, width, HEIGHT) }),
  };
}

const PROMPTS: Readonly<Record<Exclude<Task, 'page'>, (name: string) => string>> = {
  box: (name) => `Locate the ${name}, output its bbox coordinates using JSON format.`,
  point: (name) => `Point to the ${name}, output its coordinates in JSON format.`,
  label: () => 'Read the label in the image, output its bbox coordinates and its text using JSON format.',
};

const pixels = ({ left, top, right, bottom }: WorldBox): Box => [left * HEIGHT, top * HEIGHT, right * HEIGHT, bottom * HEIGHT];
