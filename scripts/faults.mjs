// `npm run faults`: the long set of fault tests, with many rounds of random kills; ends with the line `N passed, N failed`.
//
// FAULTS_ROUNDS (default 12) rounds of ten kills; FAULTS_SEED repeats a run, each round has the seed of the one before plus one.
import { install } from './install.mjs';
import { build } from './build.mjs';
import { closingLines } from './closing-line-reporter.mjs';
import { countedTests } from './counted-tests.mjs';

const ROUNDS = process.env.FAULTS_ROUNDS ?? '12';
const SEED = process.env.FAULTS_SEED ?? String(Date.now() % 1_000_000);

const test = () => countedTests(['test/faults', ...process.argv.slice(2)], { FAULTS_ROUNDS: ROUNDS, FAULTS_SEED: SEED });
const counts = install() && build() ? test() : { passed: 0, failed: 1, skipped: 0 };
process.stdout.write(`\nFAULTS_ROUNDS=${ROUNDS} FAULTS_SEED=${SEED}\n${closingLines(counts)}`);
process.exitCode = counts.failed > 0 ? 1 : 0;
