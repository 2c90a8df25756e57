// The curve of rejection over the threshold.
import { expect, it } from 'vitest';
import { rejectionCurve } from './rejection.js';

it('counts what lies below each threshold', () => {
  const curve = rejectionCurve([0.9, 0.6, 0.2], [0.1, 0.4, null, 0.7], 2);
  expect(curve).toEqual([
    { threshold: 0, absent_rejected: 0.25, present_lost: 0 },
    { threshold: 0.5, absent_rejected: 0.75, present_lost: 0.333 },
    { threshold: 1, absent_rejected: 1, present_lost: 1 },
  ]);
});
