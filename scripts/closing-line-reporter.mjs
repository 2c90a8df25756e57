// Vitest reporter that counts the tests for the closing line of `npm run verify`, into the file that VERIFY names.
import { writeFileSync } from 'node:fs';

/** How a run ends: its last line is always `N passed, N failed`. */
export function closingLines({ passed, failed, skipped }) {
  return `${skipped > 0 ? `${skipped} skipped\n` : ''}${passed} passed, ${failed} failed\n`;
}

export default class ClosingLineReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    for (const module of modules) {
      // a file that could not be loaded, or a failing hook, has no failed test of its own
      counts.failed += module.errors().length;
      for (const suite of module.children.allSuites()) counts.failed += suite.errors().length;
      for (const test of module.children.allTests()) counts[test.result().state === 'pending' ? 'skipped' : test.result().state]++;
    }
    writeFileSync(process.env.VERIFY, JSON.stringify(counts));
  }
}
