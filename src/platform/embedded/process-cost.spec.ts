// Reading of /proc.
import { expect, it } from 'vitest';
import { parseStat } from './process-cost.js';

it('reads a process whose name looks like other fields', () => {
  const line = '71 (a) S 9 (b) R 70 71 71 0 -1 4194304 1 2 3 4 250 50 700 100 20 0 11 0 123 0 0';
  expect(parseStat(line)).toEqual({ pid: 71, parent: 70, own: 3, reaped: 8 });
});
