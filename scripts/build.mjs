// `npm run build`: compiles the service and the page into dist/, each from nothing, where its sources have changed since the last time.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './install.mjs';

/** What is built of what, and by which program of node_modules. */
const SERVICE = {
  name: 'Building',
  sources: ['src', 'workers', 'migrations'],
  settings: ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json'],
  stamp: resolve(root, 'dist/.built'),
  output: resolve(root, 'dist'),
  // a full build: what an incremental one remembers is not what is in dist any more
  command: ['typescript/bin/tsc', '-p', 'tsconfig.build.json', '--incremental', 'false', '--tsBuildInfoFile', 'null'],
};
const PAGE = {
  name: 'Building the page',
  sources: ['web'],
  settings: ['package-lock.json'],
  stamp: resolve(root, 'dist/web/.built'),
  output: resolve(root, 'dist/web'),
  command: ['vite/bin/vite.js', 'build', '--config', 'web/vite.config.ts'],
};

/** A hash over the names and contents of everything that is compiled. */
function wanted({ sources, settings }) {
  const hash = createHash('sha256');
  const files = sources.flatMap((folder) =>
    readdirSync(resolve(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.spec.ts'))
      .map((entry) => resolve(entry.parentPath ?? entry.path, entry.name)),
  );
  for (const file of [...files.sort(), ...settings.map((name) => resolve(root, name))]) hash.update(`${file}\n`).update(readFileSync(file));
  return hash.digest('hex');
}

function buildPart(part) {
  const now = wanted(part);
  if (existsSync(part.stamp) && readFileSync(part.stamp, 'utf8') === now) return true;
  process.stderr.write(`${part.name}\n`);
  rmSync(part.output, { recursive: true, force: true });
  const [program, ...args] = part.command;
  const { status } = spawnSync(process.execPath, [resolve(root, 'node_modules', program), ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) return false;
  writeFileSync(part.stamp, now);
  return true;
}

/** Builds what has changed; returns false, after the compiler's own words, when something does not compile. */
export function build() {
  return buildPart(SERVICE) && buildPart(PAGE);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exit(build() ? 0 : 1);
