// `npm run bench -- NAME`: installs and builds where needed, translates bench/ into dist/bench, and runs one bench.
import { install } from './install.mjs';
import { build } from './build.mjs';
import { translateBenches } from './translate-benches.mjs';

if (!install() || !build()) process.exit(1);
await translateBenches();
const { main } = await import('../dist/bench/main.js');
const code = await main(process.argv.slice(2));
process.stdout.write('', () => process.exit(code));
