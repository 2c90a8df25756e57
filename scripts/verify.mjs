// `npm run verify`: install, types, lint, import law, build, all tests; ends with the line `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { install, root } from './install.mjs';
import { build } from './build.mjs';

const NOTHING_RAN = { passed: 0, failed: 1, skipped: 0 };

/** Runs a program of node_modules; returns whether it was content. */
function run(name, program, args, env = {}) {
  process.stderr.write(`\n${name}\n`);
  const script = resolve(root, 'node_modules', program);
  return spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } }).status === 0;
}

/** Everything that must hold before a test is worth running. */
const isSound = () =>
  install() &&
  build() &&
  run('Types', 'typescript/bin/tsc', ['-p', 'tsconfig.json', '--noEmit']) &&
  run('Lint', 'eslint/bin/eslint.js', ['.', '--max-warnings', '0']) &&
  run('Import law', 'dependency-cruiser/bin/dependency-cruise.mjs', ['--config', '.dependency-cruiser.cjs', 'src', 'workers', 'migrations']);

function test() {
  const folder = mkdtempSync(join(tmpdir(), 'verify-'));
  const counts = join(folder, 'counts.json');
  try {
    const content = run('Tests', 'vitest/vitest.mjs', ['run', ...process.argv.slice(2)], { VERIFY: counts });
    const counted = JSON.parse(readFileSync(counts, 'utf8'));
    return content || counted.failed > 0 ? counted : { ...counted, failed: 1 };
  } catch {
    return NOTHING_RAN; // the run ended before it could count
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const { passed, failed, skipped } = isSound() ? test() : NOTHING_RAN;
process.stdout.write(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
process.exitCode = failed > 0 ? 1 : 0;
