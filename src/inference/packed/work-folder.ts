// Where a checkpoint is packed until it is whole.
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** A folder beside `target` to pack in; those that processes left which are gone are removed. */
export async function workFolder(target: string): Promise<string> {
  const prefix = `.${basename(target)}.`;
  for (const name of await readdir(dirname(target)).catch(() => [])) {
    if (name.startsWith(prefix) && !isAlive(Number(name.slice(prefix.length)))) await rm(join(dirname(target), name), { recursive: true, force: true });
  }
  return join(dirname(target), `${prefix}${process.pid}`);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // another user's
  }
}
