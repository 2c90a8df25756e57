// Notices that whoever launched this process is gone, npm for instance, even when nobody sent a signal.
import { findProcess, isAlive } from './running-process.js';

const POLL_MS = 500;
const SHELLS = /^(sh|dash|bash|ash|zsh)$/;

/**
 * Calls `onGone` once when the parent ends. npm runs a script through a shell, and the shell does not always end with
 * npm: where the parent is a shell its own parent is watched too. Returns the function that ends the watch.
 */
export function watchLauncher(onGone: () => void): () => void {
  const parent = process.ppid;
  const shell = findProcess(parent);
  const grandparent = shell && SHELLS.test(shell.name) ? shell.parentPid : undefined;
  const timer = setInterval(() => {
    if (process.ppid === parent && (grandparent === undefined || isAlive(grandparent))) return;
    clearInterval(timer);
    onGone();
  }, POLL_MS);
  timer.unref();
  return () => clearInterval(timer);
}
