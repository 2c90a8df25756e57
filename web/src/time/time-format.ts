// How a time is written: in seconds, as timecode at the rate of the video, or as the number of a frame.
import { decimal } from '../numbers/decimal';

export const TIME_UNITS = ['seconds', 'timecode', 'frame'] as const;
export type TimeUnit = (typeof TIME_UNITS)[number];

/** Where the rate of a video is unknown. */
export const ASSUMED_RATE = 25;

/** Rates of which timecode leaves labels out (SMPTE 12M drop-frame), so that it keeps to the clock. */
const DROP_RATES = [30000 / 1001, 60000 / 1001];

/** A time that was rounded to a thousandth still means its frame. */
export const ROUNDING_SECONDS = 6e-4;

/** The frame presented at a time: a frame lasts from its own time up to the next one's. */
export const frameAt = (seconds: number, rate: number): number => Math.max(0, Math.floor((seconds + ROUNDING_SECONDS) * rate));

export function formatTime(seconds: number, unit: TimeUnit, frameRate: number | null): string {
  const rate = frameRate ?? ASSUMED_RATE;
  if (unit === 'frame') return `#${frameAt(seconds, rate)}`;
  return unit === 'timecode' ? timecode(frameAt(seconds, rate), rate) : clock(seconds);
}

/** `1:02:03.4`, `02:03.4`. */
export function clock(seconds: number, decimals = 1): string {
  const tenths = 10 ** decimals;
  const whole = Math.round(Math.max(0, seconds) * tenths) / tenths;
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const rest = (whole % 60).toFixed(decimals).padStart(decimals === 0 ? 2 : decimals + 3, '0');
  return `${hours > 0 ? `${hours}:` : ''}${two(minutes)}:${rest}`;
}

/** `00:59:59:24`; with `;` before the frame where labels are left out. */
export function timecode(frame: number, rate: number): string {
  const nominal = Math.round(rate);
  const drops = DROP_RATES.some((drop) => Math.abs(rate - drop) < 0.01);
  const label = drops ? frame + leftOut(frame, nominal / 15, nominal) : frame;
  const seconds = Math.floor(label / nominal);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':');
  return `${parts}${drops ? ';' : ':'}${two(label % nominal)}`;
}

/** Labels that were left out before a frame: `dropped` at the start of every minute but each tenth. */
function leftOut(frame: number, dropped: number, nominal: number): number {
  const minute = nominal * 60 - dropped;
  const tenMinutes = minute * 10 + dropped;
  const [tens, rest] = [Math.floor(frame / tenMinutes), frame % tenMinutes];
  return dropped * 9 * tens + (rest < nominal * 60 ? 0 : dropped * (1 + Math.floor((rest - nominal * 60) / minute)));
}

/** `7.5 s`, `4 min 10 s`, `1 h 2 min`. */
export function spokenLength(seconds: number): string {
  if (seconds < 60) return `${decimal(seconds, seconds < 10 ? 1 : 0)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor(whole / 60) % 60} min`;
}

const two = (value: number): string => String(value).padStart(2, '0');
