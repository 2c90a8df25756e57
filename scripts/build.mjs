// `npm run build`: compiles the product into dist/, from nothing, where the sources have changed since the last time.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './install.mjs';

const SOURCES = ['src', 'workers', 'migrations'];
const SETTINGS = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json'];

const stamp = resolve(root, 'dist/.built');

/** A hash over the names and contents of everything that is compiled. */
function wanted() {
  const hash = createHash('sha256');
  const files = SOURCES.flatMap((folder) =>
    readdirSync(resolve(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|json)$/.test(entry.name) && !entry.name.endsWith('.spec.ts'))
      .map((entry) => resolve(entry.parentPath ?? entry.path, entry.name)),
  );
  for (const file of [...files.sort(), ...SETTINGS.map((name) => resolve(root, name))]) hash.update(`${file}\n`).update(readFileSync(file));
  return hash.digest('hex');
}

/** Returns false, after the compiler's own words, when the sources do not compile. */
export function build() {
  const now = wanted();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return true;
  process.stderr.write('Building\n');
  rmSync(resolve(root, 'dist'), { recursive: true, force: true });
  const compiler = resolve(root, 'node_modules/typescript/bin/tsc');
  // a full build: what an incremental one remembers is not what is in dist any more
  const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--incremental', 'false', '--tsBuildInfoFile', 'null'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) return false;
  writeFileSync(stamp, now);
  return true;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exit(build() ? 0 : 1);
