// Test run: unit tests beside the source, and the suites of test/ one file at a time on two cores.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.spec.ts', 'workers/**/*.spec.ts', 'bench/**/*.spec.ts', 'web/src/**/*.spec.ts', 'test/**/*.spec.ts'],
    env: { XDG_STATE_HOME: join(tmpdir(), 'secondsight test state') }, // what commands keep of a user is not that of whoever runs the tests
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 20_000 } }, // of a machine that does something else as well
    reporters: process.env['VERIFY'] ? ['default', './scripts/closing-line-reporter.mjs'] : ['default'],
  },
});
