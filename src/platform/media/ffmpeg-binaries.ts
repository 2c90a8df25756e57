// Which ffmpeg and ffprobe are used: those configured, else those on PATH, else the old ones that come with npm.
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, chmod, copyFile, lstat, mkdir, mkdtemp, rename, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '../../app-error.js';

/** Errors: `ffmpeg.not_found`, `ffmpeg.not_runnable`. */
export interface FfmpegBinary {
  readonly path: string;
  readonly source: 'configured' | 'path' | 'npm';
  /** As the program names itself, for instance "5.1.9-0+deb12u1". */
  readonly version: string;
}

export interface FfmpegBinaries {
  readonly ffmpeg: FfmpegBinary;
  readonly ffprobe: FfmpegBinary;
  /** 5.1 or newer: there is -fps_mode, and the scaler takes fractions as parameters (since 5.0), which older builds cut to whole numbers. */
  readonly isRecent: boolean;
  /** Absolute path of util-linux's prlimit, where there is one. */
  readonly prlimit: string | undefined;
  /** Command that a program is started through so that it reaches no network; empty where the kernel does not allow it. */
  readonly isolation: readonly string[];
}

export interface BinaryPaths {
  readonly ffmpeg?: string | undefined;
  readonly ffprobe?: string | undefined;
}

type Program = 'ffmpeg' | 'ffprobe';

const run = promisify(execFile);
const require = createRequire(import.meta.url);

export async function findFfmpeg(paths: BinaryPaths = {}): Promise<FfmpegBinaries> {
  const [ffmpeg, ffprobe, prlimit, isolation] = await Promise.all([
    findProgram('ffmpeg', paths.ffmpeg),
    findProgram('ffprobe', paths.ffprobe),
    process.platform === 'linux' ? onPath('prlimit') : undefined,
    process.platform === 'linux' ? findIsolation() : [],
  ]);
  const { stdout: help } = await run(ffmpeg.path, ['-hide_banner', '-h', 'long'], { maxBuffer: 16 * 1024 ** 2 });
  return { ffmpeg, ffprobe, isRecent: help.includes('-fps_mode'), prlimit, isolation };
}

/** Output options that pass every frame on with its own time. */
export const passThrough = ({ isRecent }: FfmpegBinaries): readonly string[] => (isRecent ? ['-fps_mode', 'passthrough'] : ['-vsync', '0']);

/** A network of its own, with nothing in it: as root, else where an ordinary user may make a namespace of users around it. */
async function findIsolation(): Promise<readonly string[]> {
  const [unshare, nothing] = await Promise.all([onPath('unshare'), onPath('true')]);
  if (unshare === undefined || nothing === undefined) return [];
  for (const isolation of [[unshare, '--net', '--'], [unshare, '--user', '--map-root-user', '--net', '--']]) {
    const [first = unshare, ...rest] = [...isolation, nothing];
    if (await run(first, rest).then(() => true, () => false)) return isolation;
  }
  return [];
}

async function findProgram(program: Program, configured: string | undefined): Promise<FfmpegBinary> {
  if (configured !== undefined) return identify(program, configured, 'configured');
  const found = await onPath(program);
  if (found !== undefined) return identify(program, found, 'path');
  return identify(program, await executable(fromNpm(program)), 'npm');
}

async function identify(program: Program, path: string, source: FfmpegBinary['source']): Promise<FfmpegBinary> {
  try {
    const { stdout } = await run(path, ['-version']);
    const version = new RegExp(`^${program} version (\\S+)`).exec(stdout)?.[1];
    if (version !== undefined) return { path, source, version };
    throw new Error(`It says: ${stdout.slice(0, 100)}`);
  } catch (cause) {
    const advice = `set ${program.toUpperCase()}_PATH to one that does`;
    throw new AppError('ffmpeg.not_runnable', `${path} does not run as ${program}; ${advice}.`, { cause });
  }
}

async function onPath(program: string): Promise<string | undefined> {
  const names = process.platform === 'win32' ? [`${program}.exe`] : [program];
  for (const folder of (process.env['PATH'] ?? '').split(delimiter).filter(Boolean)) {
    for (const name of names) {
      const path = join(folder, name);
      if (await canRun(path)) return path;
    }
  }
  return undefined;
}

/** The installers' own index.js throws where a platform has no binary. */
function fromNpm(program: Program): string {
  try {
    return (require(`@${program}-installer/${program}`) as { path: string }).path;
  } catch (cause) {
    const advice = `install ffmpeg or set ${program.toUpperCase()}_PATH`;
    throw new AppError('ffmpeg.not_found', `There is no ${program} on PATH and none from npm for this machine; ${advice}.`, { cause });
  }
}

/** npm may have been told not to run install scripts, and another user may own node_modules: make it executable, or a copy. */
async function executable(path: string): Promise<string> {
  if (await canRun(path)) return path;
  await chmod(path, 0o755).catch(() => undefined);
  if (await canRun(path)) return path;
  const { size, mtimeMs } = await stat(path);
  const copy = join(await privateFolder(), `${basename(path)}-${size}-${Math.trunc(mtimeMs)}`);
  if (await canRun(copy)) return copy;
  const partial = `${copy}.${process.pid}`;
  await copyFile(path, partial);
  await chmod(partial, 0o700);
  await rename(partial, copy);
  return copy;
}

/** A folder below the temporary one that nobody else can write to. */
async function privateFolder(): Promise<string> {
  const user = process.getuid?.() ?? 0;
  const folder = join(tmpdir(), `secondsight-${user}`);
  await mkdir(folder, { mode: 0o700 }).catch(() => undefined);
  const found = await lstat(folder);
  const ours = found.isDirectory() && (process.getuid === undefined || (found.uid === user && (found.mode & 0o022) === 0));
  return ours ? folder : mkdtemp(`${folder}-`);
}

async function canRun(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
