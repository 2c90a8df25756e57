// The known joins of a joined video, and what counts as found.
import { expect, it } from 'vitest';
import { driftedSegments, joinsOf, missedJoins } from './joins.js';

const clips = [
  { name: 'a', frames: 50 },
  { name: 'b', frames: 100 },
];

const shot = (start_time: number, end_time: number) => ({ type: 'shot', start_time, end_time });

it('lists where clips and rounds meet', () => {
  expect(joinsOf(clips, 2)).toEqual([
    { frame: 50, from: 'a', to: 'b' },
    { frame: 150, from: 'b', to: 'a' },
    { frame: 200, from: 'a', to: 'b' },
  ]);
});

it('misses a join when the shot begins one picture late', () => {
  const found = [shot(0, 2), shot(2, 6), shot(6.04, 8), shot(8, 12)];
  expect(missedJoins(joinsOf(clips, 2), found, 25).map(({ frame }) => frame)).toEqual([150]);
});

it('sees a time that drifts from round to round', () => {
  const steady = [0, 1, 2, 3].flatMap((round) => [shot(round * 6 + 1, round * 6 + 3)]);
  expect(driftedSegments(steady, 6, 4)).toEqual([]);
  const drifting = [0, 1, 2, 3].flatMap((round) => [shot(round * 6.1 + 1, round * 6.1 + 3)]);
  expect(driftedSegments(drifting, 6, 4)).toHaveLength(2);
});
