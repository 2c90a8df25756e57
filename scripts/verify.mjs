// `npm run verify`: install, types, lint, import law, build, all tests; ends with the line `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { install, root } from './install.mjs';
import { build } from './build.mjs';
import { closingLines } from './closing-line-reporter.mjs';

/** Runs a program of node_modules; returns whether it was content. */
function run(name, program, args, env = {}) {
  process.stderr.write(`\n${name}\n`);
  const script = resolve(root, 'node_modules', program);
  return spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } }).status === 0;
}

/** How many of the checks that need no test run fail. */
function failedChecks() {
  const checks = [
    run('Types', 'typescript/bin/tsc', ['-p', 'tsconfig.json', '--noEmit']),
    run('Lint', 'eslint/bin/eslint.js', ['.', '--max-warnings', '0']),
    run('Import law', 'dependency-cruiser/bin/dependency-cruise.mjs', ['--config', '.dependency-cruiser.cjs', 'src', 'workers', 'migrations']),
  ];
  return checks.filter((content) => !content).length;
}

/** Runs all tests and counts them; a run that ends before it could count is one failure. */
function test() {
  const folder = mkdtempSync(join(tmpdir(), 'verify-'));
  const counts = join(folder, 'counts.json');
  try {
    const content = run('Tests', 'vitest/vitest.mjs', ['run', ...process.argv.slice(2)], { VERIFY: counts });
    const counted = JSON.parse(readFileSync(counts, 'utf8'));
    return content || counted.failed > 0 ? counted : { ...counted, failed: 1 };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function verify() {
  if (!install() || !build()) return { passed: 0, failed: 1, skipped: 0 };
  const failed = failedChecks();
  const tests = test();
  return { ...tests, failed: tests.failed + failed };
}

const counts = verify();
process.stdout.write(`\n${closingLines(counts)}`);
process.exitCode = counts.failed > 0 ? 1 : 0;
