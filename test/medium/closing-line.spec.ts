// Tests of how `npm run verify` ends.
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

const ending = (counts: { passed: number; failed: number; skipped: number }): string =>
  execFileSync(process.execPath, ['-e', `import('./scripts/closing-line-reporter.mjs').then((m) => process.stdout.write(m.closingLines(${JSON.stringify(counts)})))`], {
    encoding: 'utf8',
  });

it('the last line is N passed, N failed, whether or not tests were skipped', () => {
  expect(ending({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed\n');
  expect(ending({ passed: 12, failed: 1, skipped: 3 })).toBe('3 skipped\n12 passed, 1 failed\n');
});
