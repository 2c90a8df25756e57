// Starts ffmpeg and ffprobe, always under the same rules, because any file may be hostile.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { basename, isAbsolute } from 'node:path';
import { type Readable } from 'node:stream';
import { AppError } from '../../app-error.js';
import { type FfmpegBinaries } from './ffmpeg-binaries.js';
import { LineCutter } from './line-cutter.js';

/** What a container may be; playlists and scripts, which name other files, are not among them. */
export const CONTAINERS = ['mov', 'matroska', 'webm', 'avi', 'mpegts', 'flv', 'mpeg', 'ogg', 'asf'] as const;

export const MAX_PIXELS = 36_000_000;

const MAX_STREAMS = 64;
const ADDRESS_SPACE_BYTES = 6 * 1024 ** 3;
const STDERR_KEPT = 8192;
const LEAVE_MS = 10_000; // for a program to go after it has closed its output

/** What a program may know of ours: where its libraries are. Static builds that find gconv crash on the names in a transport stream. */
const ENVIRONMENT: NodeJS.ProcessEnv = {
  ...Object.fromEntries(['PATH', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'SystemRoot'].map((name) => [name, process.env[name]])),
  GCONV_PATH: '/nonexistent',
};

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** The number of the second output that `onSideOutput` reads. */
export const SIDE_PIPE = 'pipe:3';

export interface CommandOptions {
  /** Absolute path of a file of ours; the only input. */
  readonly file: string;
  readonly inputOptions?: readonly string[];
  readonly outputOptions: readonly string[];
  /** Longest time the program may keep us waiting for output, seconds; our own pauses do not count. */
  readonly timeoutSeconds: number;
  readonly maxOutputBytes: number;
  readonly onStderrLine?: (line: string) => void;
  /** Takes what is written to `SIDE_PIPE`, at once and without holding the program back: for little beside the main output. */
  readonly onSideOutput?: ((chunk: Buffer) => void) | undefined;
  /** The one file that the program may write, besides its pipes, and how large it may grow; none without it. */
  readonly output?: { readonly file: string; readonly maxBytes: number } | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface CommandEnd {
  readonly exitCode: number;
  /** The last 8 kB of what it said. */
  readonly stderr: string;
}

/** A running program: iterate over its standard output, which is how it is made to go on; leaving the loop ends it. */
export interface Command extends AsyncIterable<Buffer> {
  /**
   * Settles when the program is gone and its last line has been given out.
   * Rejects with `ffmpeg.died` when something else than we ended it, so that a cut answer is never taken for a whole one.
   */
  readonly end: Promise<CommandEnd>;
}

/** Filters of small pictures spend more on waking threads than on the pictures. */
const ONE_THREAD = ['-filter_threads', '1'];

export function startFfmpeg(binaries: FfmpegBinaries, options: CommandOptions): Command {
  const args = ['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'level+info', ...ONE_THREAD, ...inputRules(options)];
  const target = options.output === undefined ? ['pipe:1'] : ['-y', `file:${options.output.file}`];
  return start(binaries, binaries.ffmpeg.path, [...args, '-i', `file:${options.file}`, ...options.outputOptions, ...target], options);
}

export function startFfprobe(binaries: FfmpegBinaries, options: CommandOptions): Command {
  const args = ['-hide_banner', '-loglevel', 'warning', ...inputRules(options), ...options.outputOptions, '-i', `file:${options.file}`];
  return start(binaries, binaries.ffprobe.path, args, options);
}

function inputRules({ inputOptions = [] }: CommandOptions): string[] {
  return [
    ...['-protocol_whitelist', 'file,pipe'],
    ...['-format_whitelist', CONTAINERS.join(',')],
    ...['-max_pixels', String(MAX_PIXELS)],
    ...['-max_streams', String(MAX_STREAMS)],
    ...inputOptions,
  ];
}

function start(binaries: FfmpegBinaries, program: string, args: readonly string[], options: CommandOptions): Command {
  options.signal?.throwIfAborted();
  for (const file of [options.file, ...(options.output ? [options.output.file] : [])]) requirePath(file);
  const stdio = ['ignore', 'pipe', 'pipe', ...(options.onSideOutput ? ['pipe' as const] : [])] as ['ignore', 'pipe', 'pipe'];
  const [first = program, ...rest] = [...binaries.isolation, ...limits(binaries, options), program, ...args];
  const child = spawn(first, rest, { stdio, env: ENVIRONMENT, windowsHide: true });
  const end = watch(child, basename(program), options);
  end.catch(() => undefined); // whoever awaits it is told; nobody has to
  return { end, [Symbol.asyncIterator]: () => output(child, options) };
}

/** A path that we made: nothing that a program could take for an address, for a pattern or for an option. */
function requirePath(file: string): void {
  if (!isAbsolute(file) || file.includes('\0')) throw new AppError('media.not_a_path', `Not an absolute path: ${JSON.stringify(file)}.`);
}

/** The kernel's own limits, where prlimit is at hand: memory, processor time, and no file may be written but the one that is asked for. */
function limits({ prlimit }: FfmpegBinaries, { timeoutSeconds, output }: CommandOptions): string[] {
  if (prlimit === undefined) return [];
  const fileBytes = Math.ceil(output?.maxBytes ?? 0);
  return [prlimit, `--as=${ADDRESS_SPACE_BYTES}`, `--cpu=${Math.ceil(timeoutSeconds * 4)}`, `--fsize=${fileBytes}`, '--core=0', '--'];
}

/** The last lines of what a program says, kept without joining each to those before: there may be a million. */
class Tail {
  private lines: string[] = [];
  private length = 0;

  add(line: string): void {
    this.lines.push(line);
    this.length += line.length + 1;
    if (this.length > 4 * STDERR_KEPT) {
      this.lines = [this.text()];
      this.length = STDERR_KEPT;
    }
  }

  text(): string {
    return `${this.lines.join('\n')}\n`.slice(-STDERR_KEPT);
  }
}

async function watch(child: Child, name: string, { onStderrLine, onSideOutput }: CommandOptions): Promise<CommandEnd> {
  const said = new Tail();
  const lines = new LineCutter(STDERR_KEPT);
  const hear = (line: string): void => {
    onStderrLine?.(line);
    said.add(line);
  };
  const side = child.stdio[3] as Readable | undefined;
  if (onSideOutput) side?.on('data', onSideOutput);
  const sideEnd = side && new Promise((resolve) => side.once('close', resolve));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    for (const line of lines.cut(text)) hear(line);
  });
  const linesEnd = new Promise((resolve) => child.stderr.once('close', resolve));
  const [exitCode, deadly] = await new Promise<[number | null, string | null]>((resolve, reject) => {
    child.once('error', (cause) => reject(new AppError('ffmpeg.not_runnable', `Could not start ${name}.`, { cause })));
    child.once('exit', (code, signal) => resolve([code, signal]));
  });
  await Promise.all([linesEnd, sideEnd]);
  const last = lines.end();
  if (last !== undefined) hear(last);
  const stderr = said.text();
  if (exitCode === null) throw new AppError('ffmpeg.died', `${name} was ended by ${deadly}.`, { details: { stderr } });
  return { exitCode, stderr };
}

/** The chunks of standard output, taken only as fast as they are asked for. Rejects with `video.took_too_long`. */
async function* output(child: Child, options: CommandOptions): AsyncGenerator<Buffer> {
  const { signal, maxOutputBytes } = options;
  const kill = (): void => void child.kill('SIGKILL');
  let timedOut = false;
  let ended = false;
  let leftMs = options.timeoutSeconds * 1000;
  let bytes = 0;
  const chunks = child.stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>;
  signal?.addEventListener('abort', kill, { once: true });
  try {
    for (;;) {
      const before = performance.now();
      const timer = setTimeout(() => {
        timedOut = true;
        kill();
      }, leftMs);
      const { value, done } = await chunks.next().finally(() => clearTimeout(timer));
      leftMs -= performance.now() - before;
      signal?.throwIfAborted();
      if (timedOut || leftMs < 0) throw new AppError('video.took_too_long', `Reading the video took more than ${options.timeoutSeconds} s.`);
      ended = done === true;
      if (value === undefined) return;
      bytes += value.length;
      if (bytes > maxOutputBytes) throw new AppError('video.too_much_output', `Reading the video gave more than ${maxOutputBytes} bytes.`);
      yield value;
    }
  } finally {
    signal?.removeEventListener('abort', kill);
    if (ended) leave(child);
    else kill();
    child.stdout.destroy();
  }
}

function leave(child: Child): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const timer = setTimeout(() => child.kill('SIGKILL'), LEAVE_MS);
  child.once('exit', () => clearTimeout(timer));
}
