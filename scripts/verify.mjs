// `npm run verify`: install, types, lint, import law, build, all tests; ends with the line `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { install, root } from './install.mjs';
import { build } from './build.mjs';
import { closingLines } from './closing-line-reporter.mjs';
import { countedTests } from './counted-tests.mjs';

/** Runs a program of node_modules; returns whether it was content. */
function run(name, program, args) {
  process.stderr.write(`\n${name}\n`);
  const script = resolve(root, 'node_modules', program);
  return spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' }).status === 0;
}

/** How many of the checks that need no test run fail. */
function failedChecks() {
  const checks = [
    run('Types', 'typescript/bin/tsc', ['-p', 'tsconfig.json', '--noEmit']),
    run('Types of the tests of the page', 'typescript/bin/tsc', ['-p', 'test/web/tsconfig.json']),
    run('Types of the page', 'typescript/bin/tsc', ['-p', 'web/tsconfig.json']),
    run('Types of the client', 'typescript/bin/tsc', ['-p', 'clients/typescript/tsconfig.json', '--noEmit']),
    run('Lint', 'eslint/bin/eslint.js', ['.', '--max-warnings', '0']),
    run('Import law', 'dependency-cruiser/bin/dependency-cruise.mjs', ['--config', '.dependency-cruiser.cjs', 'src', 'workers', 'migrations', 'web/src']),
  ];
  return checks.filter((content) => !content).length;
}

function verify() {
  if (!install() || !build()) return { passed: 0, failed: 1, skipped: 0 };
  const failed = failedChecks();
  process.stderr.write('\nTests\n');
  const tests = countedTests(process.argv.slice(2));
  return { ...tests, failed: tests.failed + failed };
}

const counts = verify();
process.stdout.write(`\n${closingLines(counts)}`);
process.exitCode = counts.failed > 0 ? 1 : 0;
