// Frames as timecode labels, seconds as frames: exact at every rate, drop-frame included (SMPTE 12M).
import { type FrameRate } from './frame-rate.js';

/** Frames of 24 hours of timecode, after which the labels begin again. */
const framesPerDay = (rate: FrameRate): number => 144 * framesPerTenMinutes(rate);

const framesPerTenMinutes = ({ nominal, dropped }: FrameRate): number => 600 * nominal - 9 * dropped;

/** Frame 1800 at 29.97 drop -> `00:01:00;02`, at 29.97 non-drop -> `00:01:00:00`. */
export function timecodeOf(frame: number, rate: FrameRate): string {
  const { nominal, dropped } = rate;
  const day = framesPerDay(rate);
  const ofDay = ((frame % day) + day) % day;
  const label = ofDay + labelsLeftOut(ofDay, rate);
  const pad = (value: number): string => String(value).padStart(2, '0');
  const seconds = Math.floor(label / nominal);
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(pad).join(':');
  return `${clock}${dropped > 0 ? ';' : ':'}${pad(label % nominal)}`;
}

/** How many labels were left out before this frame of the day. */
function labelsLeftOut(frame: number, rate: FrameRate): number {
  const { nominal, dropped } = rate;
  if (dropped === 0) return 0;
  const tenMinutes = framesPerTenMinutes(rate);
  const minutes = Math.floor(((frame % tenMinutes) - dropped) / (60 * nominal - dropped)); // -1 for the first frames of all
  return dropped * (9 * Math.floor(frame / tenMinutes) + Math.max(0, minutes));
}

/** The frame of a label; undefined for what is no label at this rate, a dropped one included. The last mark may be `:`, `;`, `.` or `,`. */
export function frameOfTimecode(timecode: string, { nominal, dropped }: FrameRate): number | undefined {
  const parts = /^([01]\d|2[0-3]):([0-5]\d):([0-5]\d)[:;.,](\d\d)$/.exec(timecode)?.slice(1).map(Number);
  if (!parts) return undefined;
  const [hours = 0, minute = 0, second = 0, frame = 0] = parts;
  const isDropped = second === 0 && frame < dropped && minute % 10 !== 0;
  if (frame >= nominal || isDropped) return undefined;
  const minutes = 60 * hours + minute;
  return (60 * minutes + second) * nominal + frame - dropped * (minutes - Math.floor(minutes / 10));
}

/**
 * The first frame presented at or after a second: `[start, end)` covers `[frame(start), frame(end))`. A time up to `tolerance` seconds
 * after a frame still means that frame: containers round the times of frames to their ticks, and 66.7 ms may read 67 ms.
 */
export const frameAtOrAfter = (seconds: number, { num, den }: FrameRate, tolerance: number): number =>
  Math.max(0, Math.ceil(((seconds - tolerance) * num) / den));
