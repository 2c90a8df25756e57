// The scenes, questions and pictures that the training front end made are made here again.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { drawFrame, drawPage, makePage, makeScene, type Page, questionsOf, type Question, type Scene } from './index.js';

interface Golden {
  readonly cases: readonly Case[];
  readonly pages: readonly { readonly page: Page; readonly rgb: string }[];
}

interface Case {
  readonly seed: number;
  readonly options: { kind?: 'simple'; seconds?: number; aspect?: number; events?: number; shortest?: number; longest?: number };
  readonly size: readonly [width: number, height: number];
  readonly scene: Scene;
  readonly questions: readonly Question[];
  readonly pictures: readonly { readonly seconds: number; readonly rgb: string }[];
}

/** Grey levels by which two ways of drawing may differ. */
const TOLERANCE = 2;

const golden = JSON.parse(readFileSync(new URL('./golden/world.json', import.meta.url), 'utf8')) as Golden;

const sceneOf = ({ seed, options: { shortest, longest, ...options } }: Case): Scene =>
  makeScene(seed, { ...options, ...(shortest && { shortestSeconds: shortest }), ...(longest && { longestSeconds: longest }) });

function farthest(drawn: Uint8Array, stored: string): number {
  const wanted = Buffer.from(stored, 'base64');
  expect(drawn.length).toBe(wanted.length);
  return drawn.reduce((most, level, at) => Math.max(most, Math.abs(level - wanted[at]!)), 0);
}

describe.each(golden.cases.map((made) => [made.seed, made] as const))('scene %i', (_, made) => {
  test('has the same objects, events, grounds and camera', () => expect(sceneOf(made)).toEqual(made.scene));

  test('is asked the same questions', () => expect(questionsOf(made.scene)).toEqual(made.questions));

  test('looks the same', () => {
    expect(made.pictures.length).toBeGreaterThan(0);
    for (const { seconds, rgb } of made.pictures) {
      expect(farthest(drawFrame(made.scene, seconds, ...made.size), rgb)).toBeLessThanOrEqual(TOLERANCE);
    }
  });
});

test.each(golden.pages)('page $page.seed is set and printed the same', ({ page, rgb }) => {
  expect(makePage(page.seed)).toEqual(page);
  expect(farthest(drawPage(page, 48, 48), rgb)).toBeLessThanOrEqual(TOLERANCE);
});

test('a query that does not happen is one word away from what does', () => {
  const questions = Array.from({ length: 40 }, (_, seed) => questionsOf(makeScene(seed, { events: 7 }))).flat();
  const kinds = new Set(questions.map(({ absent }) => absent));
  expect([...kinds].sort()).toEqual([null, 'action', 'colour', 'count', 'label', 'lights', 'order', 'shape', 'unrelated'].sort());
  for (const { absent, ranges } of questions) expect(ranges.length > 0).toBe(absent === null);
});
