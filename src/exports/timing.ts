// How the seconds of one video become frames of a file: its rate, the timecode of its first frame, its length.
import { AppError } from '../app-error.js';
import { chooseRate, type FrameRate, type RateName } from './frame-rate.js';
import { type ExportRecord, type SourceVideo } from './export-record.js';
import { frameAtOrAfter, frameOfTimecode } from './timecode.js';

export interface Timing {
  readonly rate: FrameRate;
  /** Timecode of the first presented frame, as a frame of the day. */
  readonly startFrame: number;
  /** Length of the video, at least one frame. */
  readonly frames: number;
  /** Seconds that a time may be late and still mean the frame before. */
  readonly tolerance: number;
  readonly remark: string | null;
}

/** What the caller may choose. */
export interface TimingOptions {
  readonly rate?: RateName | undefined;
  /** Timecode of the first presented frame; 0 where it is left out. */
  readonly start_timecode?: string | undefined;
}

/** Frames from the first presented one; `end` is the first frame after. */
export interface FrameSpan {
  readonly first: number;
  readonly end: number;
}

/** Rounding of arithmetic, far below a frame. */
const ARITHMETIC_SECONDS = 1e-6;
/** A coarser tick is a frame long, and its frames are on time. */
const COARSEST_TICK_SECONDS = 1e-3;

/** Rejects with `export.invalid_timecode` when `start_timecode` is no label at the rate. */
export function timingOf(source: SourceVideo, options: TimingOptions): Timing {
  const { rate, remark } = chooseRate(source.frameRate, options.rate, options.start_timecode);
  const tick = source.timeBaseNum / source.timeBaseDen;
  const tolerance = ARITHMETIC_SECONDS + (tick <= COARSEST_TICK_SECONDS ? tick : 0);
  const frames = Math.max(1, frameAtOrAfter(source.duration, rate, tolerance));
  return { rate, remark, tolerance, frames, startFrame: startFrame(options, rate) };
}

function startFrame({ start_timecode: wanted }: TimingOptions, rate: FrameRate): number {
  if (wanted === undefined) return 0;
  const frame = frameOfTimecode(wanted, rate);
  if (frame === undefined) throw new AppError('export.invalid_timecode', `start_timecode: ${wanted} is no timecode at ${rate.name} frames a second.`);
  return frame;
}

/** Inside the video and at least one frame, whatever the times are. */
export function spanOf({ startSeconds, endSeconds }: ExportRecord, { rate, tolerance, frames }: Timing): FrameSpan {
  const first = Math.min(frameAtOrAfter(startSeconds, rate, tolerance), frames - 1);
  const end = Math.min(frameAtOrAfter(endSeconds, rate, tolerance), frames);
  return { first, end: Math.max(end, first + 1) };
}
