// Raw frames out of one run of ffmpeg, each with the presentation time that the decoder gave it.
import { AppError } from '../../app-error.js';
import { type CommandEnd, type CommandOptions, SIDE_PIPE, startFfmpeg } from './command.js';
import { type FfmpegBinaries, passThrough } from './ffmpeg-binaries.js';
import { type Rational } from './media.js';

export interface RawFrame {
  /** Ticks of the stream's time base. */
  readonly pts: number;
  readonly data: Uint8Array;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Larger pictures of some of the frames, rgb24, from the same decode. */
export interface SidePictures extends Size {
  /** ffmpeg's select expression. */
  readonly select: string;
  /** Given out in order of time, some a little after the frame of the stream itself, the last before the stream ends. */
  readonly onPicture: (picture: RawFrame) => void;
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
  /** `noref` leaves out the frames that no other needs, undecoded; those that remain are the same to the bit. */
  readonly skipFrames?: 'noref' | undefined;
  /** A size whose points are taken first, which is cheap, for the scaling to average over. */
  readonly pointSamples?: Size | undefined;
  readonly sidePictures?: SidePictures | undefined;
  readonly width: number;
  readonly height: number;
  readonly pixelFormat: 'rgb24' | 'gray';
  /** How sizes are made to fit: `neighbor` costs next to nothing and looks like it, `cubic` is as the model wants its pictures. */
  readonly scaling: 'cubic' | 'bicubic' | 'area' | 'neighbor';
  /** Of the decoder; as many as there are cores without it. */
  readonly threads?: number | undefined;
  /** Each thing that the decoder complains about. */
  readonly onDecodeError?: ((line: string) => void) | undefined;
}

const SHOWN_FRAME = /^\[showinfo@(main|side) @ \w+\] \[info\] n: *\d+ pts: *(-?\d+|NOPTS) /;
const TERSE_FRAME = /^\[blackframe@main @ \w+\] \[info\] frame:\d+ pblack:\d+ pts:(-?\d+) t:(-?[\d.]+) /;
const SHOWN_TIME_BASE = /^\[showinfo@(main|side) @ \w+\] \[info\] config in time_base: (\d+)\/(\d+),/;
const DECODE_ERROR = /^(?!\[rawvideo )(?:\[[^\]]+\] )?\[(?:error|fatal)\] /; // the muxer minds times that are none of its business

/**
 * Frames in the order the decoder presents them. Pixels come through a pipe and times through the log of the showinfo filter,
 * paired by their order: pts as integers, because the times that ffmpeg prints in seconds are rounded. For many small pictures
 * the time comes from the blackframe filter, which says it in a line of its own without 10 more writes a frame.
 */
export async function* streamFrames(binaries: FfmpegBinaries, options: FrameStreamOptions): AsyncGenerator<RawFrame> {
  const { width, height, pixelFormat, sidePictures } = options;
  const frameBytes = width * height * (pixelFormat === 'gray' ? 1 : 3);
  const times = { main: new ShownTimes(options.timeBase), side: new ShownTimes(options.timeBase) };
  const side = sidePictures && new SideReader(sidePictures, times.side);
  const command = startFfmpeg(binaries, {
    ...options,
    inputOptions: inputOptions(options),
    outputOptions: outputOptions(binaries, options),
    maxOutputBytes: options.maxFrames === undefined ? Infinity : frameBytes * options.maxFrames,
    onSideOutput: side && ((chunk) => side.read(chunk)),
    onStderrLine: (line) => {
      if (!times.main.read('main', line) && !times.side.read('side', line) && DECODE_ERROR.test(line)) options.onDecodeError?.(line);
    },
  });
  const close = (): void => Object.values(times).forEach((shown) => shown.close());
  command.end.then(close, close);
  const frames = new FrameCutter(frameBytes);
  for await (const chunk of command) {
    for (const data of frames.cut(chunk)) yield { pts: await times.main.next(), data };
  }
  const end = await command.end;
  await side?.finish();
  refuseNonsense(end);
}

/** Cuts a stream of bytes into frames of equal length. */
class FrameCutter {
  private data: Uint8Array;
  private filled = 0;

  constructor(private readonly frameBytes: number) {
    this.data = new Uint8Array(frameBytes);
  }

  *cut(chunk: Uint8Array): Generator<Uint8Array> {
    for (let from = 0; from < chunk.length; ) {
      const take = Math.min(this.frameBytes - this.filled, chunk.length - from);
      this.data.set(chunk.subarray(from, from + take), this.filled);
      this.filled += take;
      from += take;
      if (this.filled < this.frameBytes) continue;
      const { data } = this;
      this.data = new Uint8Array(this.frameBytes);
      this.filled = 0;
      yield data;
    }
  }
}

/** Pairs the side pictures with their times as both arrive. */
class SideReader {
  private readonly cutter: FrameCutter;
  private given: Promise<void> = Promise.resolve();

  constructor(
    private readonly pictures: SidePictures,
    private readonly times: ShownTimes,
  ) {
    this.cutter = new FrameCutter(pictures.width * pictures.height * 3);
  }

  read(chunk: Buffer): void {
    for (const data of this.cutter.cut(chunk)) {
      this.given = this.given.then(async () => this.pictures.onPicture({ pts: await this.times.next(), data }));
      this.given.catch(() => undefined); // told at the end
    }
  }

  /** Rejects when a picture had no time, or could not be taken. */
  finish(): Promise<void> {
    return this.given;
  }
}

/** Errors of ours or of the machine must not look like a video without frames. */
function refuseNonsense({ exitCode, stderr }: CommandEnd): void {
  if (exitCode === 0) return;
  const cause = /Unrecognized option|Option not found|No such filter|Error splitting|Cannot allocate memory/.exec(stderr)?.[0];
  if (cause !== undefined) throw new AppError('ffmpeg.refused', `ffmpeg refused to decode: ${cause}.`, { details: { stderr } });
}

/** Seeks by the file's own clock, and hands on every frame decoded from there: which of them are wanted is decided by pts. */
function inputOptions({ seekSeconds, skipFrames, threads = skipFrames === undefined ? undefined : 1 }: FrameStreamOptions): string[] {
  const others = ['-an', '-sn', '-dn']; // streams that need not even be read
  const decoder = [...others, ...(threads === undefined ? [] : ['-threads', String(threads)]), ...(skipFrames ? ['-skip_frame', skipFrames] : [])];
  if (seekSeconds === undefined) return [...decoder, '-copyts'];
  return [...decoder, '-copyts', '-noaccurate_seek', '-seek_timestamp', '1', '-ss', seekSeconds.toFixed(6)];
}

function outputOptions(binaries: FfmpegBinaries, options: FrameStreamOptions): string[] {
  const { streamIndex, select, maxFrames, pixelFormat, scaling, pointSamples, sidePictures } = options;
  const selected = (expression: string | undefined): string[] =>
    expression === undefined ? [] : [`select=${expression.replaceAll(',', '\\,')}`];
  const scaled = ({ width, height }: Size, flags: string): string => `scale=${width}:${height}:flags=${flags}`;
  const output = (filters: readonly string[]): string[] => [
    ...['-map', `0:${streamIndex}`],
    ...['-vf', filters.join(',')],
    ...passThrough(binaries),
    ...['-threads', '1'], // of the "encoder", which only copies
    ...(maxFrames === undefined ? [] : ['-frames:v', String(maxFrames)]),
    ...['-f', 'rawvideo'],
  ];
  const main = [
    ...selected(select),
    ...(pointSamples ? [scaled(pointSamples, 'neighbor'), 'format=yuv420p', 'blackframe@main=amount=0'] : []),
    ...(scaling === 'cubic' ? cubic(options, binaries) : [scaled(options, scaling)]),
    `format=${pixelFormat}`,
    ...(pointSamples ? [] : ['showinfo@main=checksum=0']),
  ];
  if (!sidePictures) return output(main);
  const side = [...selected(sidePictures.select), scaled(sidePictures, 'area'), 'format=rgb24', 'showinfo@side=checksum=0'];
  return [...output(side), SIDE_PIPE, ...output(main)];
}

/**
 * The reference's cubic kernel (a = -0.5), widened when shrinking, colours at their full resolution. By way of planes, which costs less.
 * See docs/decisions/0030-ffmpeg-resizes-frames.md.
 */
function cubic({ width, height }: Size, { isRecent }: FfmpegBinaries): string[] {
  const kernel = isRecent ? ':param0=0:param1=0.5' : ''; // without it a is -0.6
  return [`scale=${width}:${height}:flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp${kernel}`, 'format=gbrp', 'scale'];
}

/** The presentation times that one showinfo filter prints, awaited one by one. */
class ShownTimes {
  private readonly shown: number[] = [];
  private taken = 0;
  private closed = false;
  private foreign = false;
  private wake: (() => void) | undefined;

  constructor(private readonly timeBase: Rational) {}

  /** Whether the line was of the filter with this name, and told something. */
  read(name: string, line: string): boolean {
    const [, tersePts, terseSeconds] = (name === 'main' && TERSE_FRAME.exec(line)) || [];
    if (tersePts !== undefined) return this.add(this.checked(Number(tersePts), Number(terseSeconds)));
    const [, of, pts] = SHOWN_FRAME.exec(line) ?? [];
    if (of === name) return this.add(Number(pts));
    const config = SHOWN_TIME_BASE.exec(line);
    if (config?.[1] !== name) return false;
    this.expectTimeBase(Number(config[2]), Number(config[3]));
    return true;
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

  private add(pts: number): true {
    this.shown.push(pts);
    this.wake?.();
    return true;
  }

  /** The terse filter tells the time base only by what it makes of it, rounded to a millionth of a second. */
  private checked(pts: number, seconds: number): number {
    const expected = (pts * this.timeBase.num) / this.timeBase.den;
    if (Math.abs(pts) > Number.MAX_SAFE_INTEGER) return NaN; // it prints the least of all numbers for a frame without a time
    this.foreign ||= Math.abs(seconds - expected) > 1e-5 + Math.abs(expected) * 1e-9;
    return pts;
  }

  /** The filters count in the stream's time base; anything else would be a wrong time. */
  private expectTimeBase(num: number, den: number): void {
    this.foreign ||= num * this.timeBase.den !== den * this.timeBase.num;
  }
}

const lostTime = (what: string): AppError => new AppError('ffmpeg.lost_time', `ffmpeg ${what}; no picture is used without its own time.`);
