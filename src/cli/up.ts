// `secondsight up`: the whole service in the foreground, until Ctrl-C.
import { logPostgres } from '../platform/embedded/postgres-log.js';
import { firstKeyNote } from '../platform/first-key.js';
import { startStack } from './stack.js';

/** Exit code 0 once it was asked to stop and everything has stopped. */
export async function up(): Promise<number> {
  const say = (sentence: string): void => void process.stderr.write(`${sentence}\n`);
  const stack = await startStack({
    withoutWorker: true,
    onStep: say,
    onFirstKey: (key) => process.stdout.write(firstKeyNote(key)),
    onLine: (name, line) => (name === 'postgres' ? logPostgres(line) : say(`${name.padEnd(8)} | ${line}`)),
  });
  process.stdout.write(`Page     ${stack.baseUrl}\nDocs     ${stack.baseUrl}/docs\nHealth   ${stack.baseUrl}/health/ready\n`);
  say('Serving; Ctrl-C stops everything.');
  await stack.stopped;
  return 0;
}
