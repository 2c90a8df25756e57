// What every made scene keeps to, whatever its seed.
import { describe, expect, it } from 'vitest';
import { randomOf } from './random.js';
import { PICTURE_BYTES, painterOf } from './paint.js';
import { absentQuestions } from './questions.js';
import { knowable, truthOf } from './scene.js';
import { clipScene } from './clip-scene.js';
import { queryOf } from './vocabulary.js';

describe('a clip', () => {
  it('is asked about objects that are not there, and about what those that are there do not do', () => {
    for (let seed = 0; seed < 200; seed++) {
      const scene = clipScene(seed);
      const objects = new Set(scene.events.map(({ colour, shape }) => `${colour} ${shape}`));
      const questions = absentQuestions(randomOf(seed), scene, 8);
      expect(questions.map(({ differs }) => differs)).toEqual(['unrelated', 'colour', 'shape', 'action', 'unrelated', 'colour', 'shape', 'action']);
      for (const { query, differs } of questions) {
        const [colour = '', shape = '', ...action] = query.split(' ');
        const isThere = objects.has(`${colour} ${shape}`);
        expect(isThere, query).toBe(differs === 'action');
        expect(isThere && action.join(' ') === 'appears', query).toBe(false);
        expect(scene.events.map(queryOf)).not.toContain(query);
      }
    }
  });

  it('never shows three objects at a time', () => {
    for (let seed = 0; seed < 200; seed++) {
      const { events } = clipScene(seed);
      const together = events.map(({ startSeconds: at }) => events.filter((event) => event.startSeconds <= at && at < event.endSeconds).length);
      expect(Math.max(...together)).toBeLessThanOrEqual(2);
    }
  });
});

describe('a picture', () => {
  it('shows an object during its event and at no other time', () => {
    const [event] = clipScene(5).events;
    const red = { ...event!, action: 'appears', rgb: [255, 0, 0], x: 28, y: 28, shape: 'circle', startSeconds: 2, endSeconds: 5 } as const;
    const painter = painterOf({ ...clipScene(5), events: [red], clutter: [] });
    const out = new Uint8Array(PICTURE_BYTES);
    const redness = [1.99, 2, 4.99, 5].map((seconds) => {
      painter.paint(out, seconds);
      return out[(28 * 56 + 28) * 3]!;
    });
    expect(redness.map((value) => value === 255)).toEqual([false, true, true, false]);
  });
});

it('knows which sampled pictures can show an event', () => {
  const [event] = truthOf({ ...clipScene(5), events: [{ ...clipScene(5).events[0]!, startSeconds: 2.25, endSeconds: 7.09 }] });
  expect(knowable(event!)).toMatchObject({ start_time: 2.5, end_time: 7.5 }); // the picture at 7.0 is the last that shows it
});
