// Which files of this machine a caller may upload.
import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { AppError } from '../../app-error.js';
import { openFile, type OpenFile } from '../open-file.js';

/** Absolute paths of folders; undefined: whatever this process can read, as for a caller who started it. */
export type AllowedFolders = readonly string[] | undefined;

/** Each folder by the path that was given and by its real one. Throws `usage.invalid` for what is no folder. */
export async function readFolders(paths: readonly string[]): Promise<string[]> {
  const folders = new Set<string>();
  for (const path of paths) {
    const real = await realpath(path).catch(() => undefined);
    if (real === undefined || !(await stat(real)).isDirectory()) throw new AppError('usage.invalid', `--allow-path: ${path} is no folder.`);
    folders.add(resolve(path)).add(real);
  }
  return [...folders];
}

/**
 * Opens a regular file. Where only folders are allowed, what is opened lies in one of them by its real path, and what lies elsewhere is
 * not even looked for. Rejects with `path.not_absolute`, `path.not_allowed` or `file.not_found`.
 */
export async function openAllowed(path: string, folders: AllowedFolders): Promise<OpenFile> {
  if (!isAbsolute(path)) throw new AppError('path.not_absolute', `${path} is no absolute path.`);
  if (folders === undefined) return openFile(path);
  const open = folders.length > 0 ? `${path} does not lie below ${folders.join(' or ')}` : 'No folder is open to callers';
  const refused = new AppError('path.not_allowed', `${open}; whoever runs this server opens folders by --allow-path.`);
  if (!isBelow(folders, resolve(path))) throw refused;
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined) throw new AppError('file.not_found', `${path} cannot be read as a file.`);
  if (!isBelow(folders, real)) throw refused;
  const file = await openFile(real);
  // a link may have been put in its place since it was resolved: what is open must be what now lies at a path below the folder
  const now = await realpath(real).catch(() => '');
  const [opened, there] = await Promise.all([file.handle.stat(), stat(now).catch(() => undefined)]);
  if (isBelow(folders, now) && opened.ino === there?.ino && opened.dev === there.dev) return file;
  await file.handle.close();
  throw refused;
}

const isBelow = (folders: readonly string[], path: string): boolean =>
  folders.some((folder) => {
    const rest = relative(folder, path);
    return rest !== '' && rest !== '..' && !rest.startsWith(`..${sep}`) && !isAbsolute(rest);
  });
