// `npm run faults`: the long set of fault tests, with many rounds of random kills; ends with the line `N passed, N failed`.
//
// FAULTS_ROUNDS (default 12) rounds of ten kills; FAULTS_SEED repeats a run, each round has the seed of the one before plus one.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { install, root } from './install.mjs';
import { build } from './build.mjs';
import { closingLines } from './closing-line-reporter.mjs';

const ROUNDS = process.env.FAULTS_ROUNDS ?? '12';
const SEED = process.env.FAULTS_SEED ?? String(Date.now() % 1_000_000);

/** Runs the suites; a run that ends before it could count is one failure. */
function test() {
  const folder = mkdtempSync(join(tmpdir(), 'faults-'));
  const counts = join(folder, 'counts.json');
  const args = [resolve(root, 'node_modules/vitest/vitest.mjs'), 'run', 'test/faults', ...process.argv.slice(2)];
  try {
    const env = { ...process.env, VERIFY: counts, FAULTS_ROUNDS: ROUNDS, FAULTS_SEED: SEED };
    const content = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env }).status === 0;
    const counted = JSON.parse(readFileSync(counts, 'utf8'));
    return content || counted.failed > 0 ? counted : { ...counted, failed: 1 };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const counts = install() && build() ? test() : { passed: 0, failed: 1, skipped: 0 };
process.stdout.write(`\nFAULTS_ROUNDS=${ROUNDS} FAULTS_SEED=${SEED}\n${closingLines(counts)}`);
process.exitCode = counts.failed > 0 ? 1 : 0;
