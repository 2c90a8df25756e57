// What every made hour keeps to, whatever its seed.
import { describe, expect, it } from 'vitest';
import { absentQuestions } from '../../src/world/first/questions.js';
import { randomOf } from '../../src/world/first/random.js';
import { queryOf } from '../../src/world/first/vocabulary.js';
import { hourScene } from './hour-scene.js';

describe('an hour', () => {
  const scene = hourScene({ seed: 3, minutes: 60 });

  it('has one event in each minute, of 6 to 12 seconds, no description twice', () => {
    expect(scene.events).toHaveLength(60);
    scene.events.forEach(({ startSeconds, endSeconds }, minute) => {
      expect(startSeconds).toBeGreaterThanOrEqual(minute * 60);
      expect(endSeconds).toBeLessThanOrEqual((minute + 1) * 60);
      expect(endSeconds - startSeconds).toBeGreaterThan(5.9);
      expect(endSeconds - startSeconds).toBeLessThan(12.1);
    });
    expect(new Set(scene.events.map(queryOf)).size).toBe(60);
  });

  it('changes its backdrop only where nothing happens', () => {
    for (const { startSeconds } of scene.backdrops.slice(1)) {
      expect(scene.events.some((event) => event.startSeconds <= startSeconds && startSeconds < event.endSeconds)).toBe(false);
    }
  });

  it('is the same for the same seed and another for another', () => {
    expect(hourScene({ seed: 3, minutes: 60 })).toEqual(scene);
    expect(hourScene({ seed: 4, minutes: 60 }).events[0]).not.toEqual(scene.events[0]);
  });

  it('is asked about things that do not happen in it, each once', () => {
    const queries = absentQuestions(randomOf(1), scene, 60).map(({ query }) => query);
    expect(queries).toHaveLength(60);
    expect(new Set([...queries, ...scene.events.map(queryOf)]).size).toBe(120);
  });
});
