// `npm run dev`: the whole service, built and started again whenever a source changes.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { install, root } from './install.mjs';
import { build } from './build.mjs';

if (!install() || !build()) process.exit(1);
rmSync(resolve(root, 'dist/.built')); // from here on the compiler below writes to dist

let service;

/** One service at a time: the next starts when the one before has stopped in order. */
function restart() {
  if (service) return service.kill('SIGTERM');
  service = spawn(process.execPath, [resolve(root, 'scripts/secondsight.mjs'), 'up'], { cwd: root, stdio: 'inherit' });
  service.on('exit', (_code, signal) => {
    const wanted = service.killed || signal === 'SIGTERM';
    service = undefined;
    if (wanted && !ending) restart();
  });
}

let ending = false;
const compiler = spawn(process.execPath, [resolve(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--watch', '--preserveWatchOutput'], {
  cwd: root,
  stdio: ['ignore', 'pipe', 'inherit'],
});
compiler.stdout.on('data', (text) => {
  process.stdout.write(text);
  if (String(text).includes('Found 0 errors')) restart();
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    ending = true;
    compiler.kill();
    service?.kill('SIGTERM');
  });
}
