// `npm run parity`: compares this implementation with stored numbers of the reference, a folder of vectors or one run on a checkpoint.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { compareWithReference, type Seconds } from '../parity/reference.js';
import { runVectorSuite, type SuiteReport, type VectorSuite } from '../parity/suite.js';
import { tinyModelSuites } from '../parity/tiny-models.js';
import { tokenizer } from '../parity/tokenizer.js';
import { vectorSuites } from '../parity/vector-suites.js';

const HELP = `Compares this implementation with stored numbers of the reference.

  npm run parity -- DIR                            every vector file in DIR, laid out as test/parity/golden
  npm run parity -- --model DIR --reference STEM   one run on the checkpoint DIR with STEM.safetensors and STEM.json

Exit code 0 when everything agrees within its tolerance, 1 otherwise.
`;
const FAILURES_SHOWN = 5;

process.exitCode = await main();

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { model: { type: 'string' }, reference: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  });
  const [directory] = positionals;
  if (values.help) return say(HELP, 0);
  if (values.model !== undefined && values.reference !== undefined) return checkReference(values.model, values.reference);
  if (directory === undefined) return say(HELP, 1);
  if (!existsSync(directory)) return say(`There is no folder ${directory}.\n`, 1);
  return checkVectors(directory);
}

async function checkVectors(directory: string): Promise<number> {
  const suites: readonly VectorSuite[] = [...vectorSuites, tokenizer, ...(await tinyModelSuites(directory))];
  let [passed, failed] = [0, 0];
  for (const suite of suites) {
    const report = await runVectorSuite(suite, directory);
    if (!report) continue;
    if (report.failures.length === 0) passed++;
    else failed++;
    say(describe(suite.file, report));
  }
  for (const file of await unknownFiles(directory, suites)) say(`${file.padEnd(26)} not known: nothing compared\n`);
  if (passed + failed === 0) return say(`There is no vector file in ${directory}.\n`, 1);
  return say(`\n${passed} passed, ${failed} failed\n`, failed > 0 ? 1 : 0);
}

async function unknownFiles(directory: string, suites: readonly VectorSuite[]): Promise<string[]> {
  const known = new Set([...suites.map(({ file }) => file), 'manifest.json']);
  return (await readdir(directory)).filter((file) => file.endsWith('.json') && !known.has(file));
}

function describe(file: string, { cases, failures, largestDifference, tolerance, note }: SuiteReport): string {
  const verdict = failures.length === 0 ? 'passed' : `${failures.length} FAILED`;
  const numbers = `largest difference ${figure(largestDifference).padEnd(8)} tolerance ${figure(tolerance).padEnd(8)}`;
  const shown = failures.slice(0, FAILURES_SHOWN).map((failure) => `    ${failure}\n`);
  const more = failures.length > FAILURES_SHOWN ? `    and ${failures.length - FAILURES_SHOWN} more\n` : '';
  return `${file.padEnd(26)} ${String(cases).padStart(4)} cases  ${numbers} ${verdict}${note ? ` (${note})` : ''}\n${shown.join('')}${more}`;
}

async function checkReference(model: string, stem: string): Promise<number> {
  const { stages, seconds, threads } = await compareWithReference(model, stem);
  for (const { stage, difference, scale, tolerance, passed } of stages) {
    const relative = scale === 0 ? 0 : difference / scale;
    const numbers = `largest difference ${figure(difference).padEnd(8)} of scale ${figure(scale).padEnd(8)} relative ${figure(relative).padEnd(8)}`;
    say(`${stage.padEnd(16)} ${numbers} tolerance ${figure(tolerance).padEnd(6)} ${passed ? 'passed' : 'FAILED'}\n`);
  }
  const time = (side: Seconds | undefined): string => (side ? `${side.wall.toFixed(2)} s (processor ${side.cpu.toFixed(2)} s)` : 'unknown');
  say(`\nseconds on ${threads} thread(s)\n`);
  for (const [stage, { ours, theirs }] of seconds) say(`${stage.padEnd(16)} ours ${time(ours)}, reference ${time(theirs)}\n`);
  const failed = stages.filter(({ passed }) => !passed).length;
  return say(`\n${stages.length - failed} passed, ${failed} failed\n`, failed > 0 ? 1 : 0);
}

function figure(value: number): string {
  if (value === 0 || Number.isInteger(value)) return String(value);
  return value < 0.01 ? value.toExponential(1) : value.toPrecision(2);
}

function say(text: string, exitCode = 0): number {
  process.stdout.write(text);
  return exitCode;
}
