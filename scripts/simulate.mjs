// `npm run simulate`: installs and builds where needed, and runs the simulation of bench/simulate.
import { install } from './install.mjs';
import { build } from './build.mjs';
import { translateBenches } from './translate-benches.mjs';

if (!install() || !build()) process.exit(1);
await translateBenches();
const { main } = await import('../dist/bench/simulate/main.js');
const code = main(process.argv.slice(2));
process.stdout.write('', () => process.exit(code));
