// `npm run parity -- DIR`: compares the model with stored numbers of the reference; installs and builds first where needed.
import { install } from './install.mjs';
import { build } from './build.mjs';

if (!install() || !build()) process.exit(1);
await import('../dist/src/cli/parity.js');
