#!/usr/bin/env node
// The `secondsight` command: hands over to what was built.
import { existsSync } from 'node:fs';

const entry = new URL('../dist/src/cli/main.js', import.meta.url);
if (!existsSync(entry)) {
  process.stderr.write('secondsight is not built yet: run npm ci && npm run build, or npm run quickstart.\n');
  process.exit(1);
}
const { main } = await import(entry.href);
const code = await main(process.argv.slice(2));
process.stdout.write('', () => process.exit(code));
