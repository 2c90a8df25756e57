// Installs the dependencies where they are missing or the lock file has changed since; needs nothing but node and npm.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** npm writes its own record of what lies in node_modules last, when everything is there. */
function isInstalled() {
  const record = resolve(root, 'node_modules/.package-lock.json');
  return existsSync(record) && statSync(record).mtimeMs >= statSync(resolve(root, 'package-lock.json')).mtimeMs;
}

/** Returns false, after npm's own words, when the installation fails. */
export function install() {
  if (isInstalled()) return true;
  process.stderr.write('Installing dependencies (npm ci; a minute or two the first time)\n');
  const own = process.env.npm_execpath; // the npm that runs us
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const options = { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 };
  const { status, error, stdout, stderr } = own?.endsWith('.js')
    ? spawnSync(process.execPath, [own, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
  if (status === 0) return true;
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}\nnpm ci failed.\n`);
  return false;
}
