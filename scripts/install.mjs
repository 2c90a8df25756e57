// Installs the dependencies where they are missing or the lock file has changed since; needs nothing but node and npm.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

const stamp = resolve(root, 'node_modules/.installed');

/** What was installed: this lock file, for this platform. */
function wanted() {
  const lock = readFileSync(resolve(root, 'package-lock.json'));
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}`;
}

/** Exits with npm's own code and words when the installation fails. */
export function install() {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted()) return;
  process.stderr.write('Installing dependencies (npm ci; a minute or two the first time)\n');
  npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, wanted());
}

/** Runs npm, the one that runs us where there is one. */
function npm(args) {
  const own = process.env.npm_execpath;
  const options = { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 };
  const { status, error, stdout, stderr } = own?.endsWith('.js')
    ? spawnSync(process.execPath, [own, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
  if (status === 0) return;
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}\nnpm ${args[0]} failed.\n`);
  process.exit(status ?? 1);
}
