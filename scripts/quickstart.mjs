// `npm run quickstart`: installs, builds, and shows the whole product, on a machine that has only node and npm.
import { install } from './install.mjs';
import { build } from './build.mjs';

if (!install() || !build()) process.exit(1);
const { main } = await import('../dist/src/cli/main.js');
const code = await main(['quickstart', ...process.argv.slice(2)]);
process.stdout.write('', () => process.exit(code));
