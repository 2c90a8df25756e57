// Raw frames out of one run of ffmpeg, each with the presentation time that the decoder gave it.
import { AppError } from '../../app-error.js';
import { type CommandEnd, type CommandOptions, startFfmpeg } from './command.js';
import { type FfmpegBinaries } from './ffmpeg-binaries.js';
import { type Rational } from './media.js';

export interface RawFrame {
  /** Ticks of the stream's time base. */
  readonly pts: number;
  readonly data: Uint8Array;
}

export interface FrameStreamOptions extends Pick<CommandOptions, 'file' | 'timeoutSeconds' | 'signal'> {
  readonly streamIndex: number;
  readonly timeBase: Rational;
  /** Where decoding may begin, seconds on the file's own clock; it begins at a keyframe before, or later where the container is poor. */
  readonly seekSeconds?: number | undefined;
  /** ffmpeg's select expression over n and pts; every frame without it. */
  readonly select?: string | undefined;
  /** Ends the run after so many frames. */
  readonly maxFrames?: number | undefined;
  readonly width: number;
  readonly height: number;
  readonly pixelFormat: 'rgb24' | 'gray';
  /** How sizes are made to fit: `neighbor` costs next to nothing and looks like it. */
  readonly scaling: 'bicubic' | 'area' | 'neighbor';
  /** Each thing that the decoder complains about. */
  readonly onDecodeError?: ((line: string) => void) | undefined;
}

const SHOWN_FRAME = /^\[Parsed_showinfo_\d+ @ \w+\] \[info\] n: *\d+ pts: *(-?\d+|NOPTS) /;
const SHOWN_TIME_BASE = /^\[Parsed_showinfo_\d+ @ \w+\] \[info\] config in time_base: (\d+)\/(\d+),/;
const DECODE_ERROR = /^(?!\[rawvideo )(?:\[[^\]]+\] )?\[(?:error|fatal)\] /; // the muxer minds times that are none of its business

/**
 * Frames in the order the decoder presents them. Pixels come through a pipe and times through the log of the showinfo filter,
 * paired by their order: pts as integers, because the times that ffmpeg prints in seconds are rounded.
 */
export async function* streamFrames(binaries: FfmpegBinaries, options: FrameStreamOptions): AsyncGenerator<RawFrame> {
  const { width, height, pixelFormat } = options;
  const frameBytes = width * height * (pixelFormat === 'gray' ? 1 : 3);
  const times = new ShownTimes(options);
  const command = startFfmpeg(binaries, {
    ...options,
    inputOptions: inputOptions(options),
    outputOptions: outputOptions(binaries, options),
    maxOutputBytes: options.maxFrames === undefined ? Infinity : frameBytes * options.maxFrames,
    onStderrLine: (line) => times.read(line),
  });
  command.end.then(
    () => times.close(),
    () => times.close(),
  );
  let data = new Uint8Array(frameBytes);
  let filled = 0;
  for await (const chunk of command) {
    for (let from = 0; from < chunk.length; ) {
      const take = Math.min(frameBytes - filled, chunk.length - from);
      data.set(chunk.subarray(from, from + take), filled);
      filled += take;
      from += take;
      if (filled < frameBytes) continue;
      yield { pts: await times.next(), data };
      data = new Uint8Array(frameBytes);
      filled = 0;
    }
  }
  refuseNonsense(await command.end);
}

/** Errors of ours or of the machine must not look like a video without frames. */
function refuseNonsense({ exitCode, stderr }: CommandEnd): void {
  if (exitCode === 0) return;
  const cause = /Unrecognized option|Option not found|No such filter|Error splitting|Cannot allocate memory/.exec(stderr)?.[0];
  if (cause !== undefined) throw new AppError('ffmpeg.refused', `ffmpeg refused to decode: ${cause}.`, { details: { stderr } });
}

/** Seeks by the file's own clock, and hands on every frame decoded from there: which of them are wanted is decided by pts. */
function inputOptions({ seekSeconds }: FrameStreamOptions): string[] {
  if (seekSeconds === undefined) return ['-copyts'];
  return ['-copyts', '-noaccurate_seek', '-seek_timestamp', '1', '-ss', seekSeconds.toFixed(6)];
}

function outputOptions(binaries: FfmpegBinaries, options: FrameStreamOptions): string[] {
  const { streamIndex, select, maxFrames, width, height, pixelFormat, scaling } = options;
  const filters = [
    ...(select === undefined ? [] : [`select=${select.replaceAll(',', '\\,')}`]),
    `scale=${width}:${height}:flags=${scaling}`,
    `format=${pixelFormat}`,
    'showinfo=checksum=0',
  ];
  return [
    ...['-map', `0:${streamIndex}`],
    ...['-vf', filters.join(',')],
    ...binaries.passThrough,
    ...(maxFrames === undefined ? [] : ['-frames:v', String(maxFrames)]),
    ...['-f', 'rawvideo'],
  ];
}

/** The presentation times that showinfo prints, awaited one by one. */
class ShownTimes {
  private readonly shown: number[] = [];
  private taken = 0;
  private closed = false;
  private foreign = false;
  private wake: (() => void) | undefined;

  constructor(private readonly options: FrameStreamOptions) {}

  read(line: string): void {
    const frame = SHOWN_FRAME.exec(line);
    if (frame) {
      this.shown.push(Number(frame[1]));
      this.wake?.();
      return;
    }
    const config = SHOWN_TIME_BASE.exec(line);
    if (config) this.expectTimeBase(Number(config[1]), Number(config[2]));
    else if (DECODE_ERROR.test(line)) this.options.onDecodeError?.(line);
  }

  close(): void {
    this.closed = true;
    this.wake?.();
  }

  async next(): Promise<number> {
    while (this.taken === this.shown.length && !this.closed) {
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    const pts = this.shown[this.taken];
    this.taken += 1;
    if (pts === undefined || Number.isNaN(pts)) throw lostTime('gave a frame without a time');
    if (this.foreign) throw lostTime('counts in another time base than the stream');
    if (this.taken === 4096) this.taken -= this.shown.splice(0, this.taken).length;
    return pts;
  }

  /** The filters count in the stream's time base; anything else would be a wrong time. */
  private expectTimeBase(num: number, den: number): void {
    const { timeBase } = this.options;
    this.foreign ||= num * timeBase.den !== den * timeBase.num;
  }
}

const lostTime = (what: string): AppError => new AppError('ffmpeg.lost_time', `ffmpeg ${what}; no picture is used without its own time.`);
