// Finds the compiled file of a module that is to run in a process of its own.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../app-error.js';

/**
 * `compiledModule('./postgres-guard.js', import.meta.url)`: the path of that file, which lies in `dist` even where the
 * caller runs from the sources. Throws `process.not_built`.
 */
export function compiledModule(specifier: string, from: string): string {
  const path = fileURLToPath(new URL(specifier, from));
  if (existsSync(path)) return path;
  const built = fileURLToPath(new URL(specifier, from.replace(/\/(src|workers)\/(?!.*\/(src|workers)\/)/, '/dist/$1/')));
  if (existsSync(built)) return built;
  throw new AppError('process.not_built', `${built} is missing; run npm run build first.`);
}
