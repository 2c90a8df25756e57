// `npm run test:web`: the page in a real browser over the running product; ends with the line `N passed, N failed`.
import { install } from './install.mjs';
import { build } from './build.mjs';
import { closingLines } from './closing-line-reporter.mjs';
import { countedTests } from './counted-tests.mjs';

const counts = install() && build() ? countedTests(['test/web', ...process.argv.slice(2)]) : { passed: 0, failed: 1, skipped: 0 };
process.stdout.write(`\n${closingLines(counts)}`);
process.exitCode = counts.failed > 0 ? 1 : 0;
