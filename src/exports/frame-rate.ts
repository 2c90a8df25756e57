// The frame rates that editors know, as exact fractions, and which of them a video is written at.

export const RATE_NAMES = ['23.976', '24', '25', '29.97df', '29.97ndf', '30', '50', '59.94df', '59.94ndf', '60'] as const;
export type RateName = (typeof RATE_NAMES)[number];

export interface FrameRate {
  readonly name: RateName;
  /** Frames per second, num / den. */
  readonly num: number;
  readonly den: number;
  /** Frames that one second of timecode counts. */
  readonly nominal: number;
  /** Labels left out at the start of every minute but each tenth (SMPTE 12M drop-frame); 0 when all are used. */
  readonly dropped: number;
}

export const FRAME_RATES: Readonly<Record<RateName, FrameRate>> = {
  '23.976': { name: '23.976', num: 24000, den: 1001, nominal: 24, dropped: 0 },
  '24': { name: '24', num: 24, den: 1, nominal: 24, dropped: 0 },
  '25': { name: '25', num: 25, den: 1, nominal: 25, dropped: 0 },
  '29.97df': { name: '29.97df', num: 30000, den: 1001, nominal: 30, dropped: 2 },
  '29.97ndf': { name: '29.97ndf', num: 30000, den: 1001, nominal: 30, dropped: 0 },
  '30': { name: '30', num: 30, den: 1, nominal: 30, dropped: 0 },
  '50': { name: '50', num: 50, den: 1, nominal: 50, dropped: 0 },
  '59.94df': { name: '59.94df', num: 60000, den: 1001, nominal: 60, dropped: 4 },
  '59.94ndf': { name: '59.94ndf', num: 60000, den: 1001, nominal: 60, dropped: 0 },
  '60': { name: '60', num: 60, den: 1, nominal: 60, dropped: 0 },
};

/** Drop-frame where it exists: its labels keep to the clock, so that an hour of video reads as one hour. */
const DEFAULTS = ['23.976', '24', '25', '29.97df', '30', '50', '59.94df', '60'] as const;
const WITHOUT_DROP: Partial<Record<RateName, RateName>> = { '29.97df': '29.97ndf', '59.94df': '59.94ndf' };

/** 29.97 for 30000/1001 differs by 1e-6. */
const SAME_RATE = 1e-5;
/** One picture a second is still a part of 60. */
const MOST_TIMES = 60;
const UNKNOWN_RATE: RateName = '25';

export interface ChosenRate {
  readonly rate: FrameRate;
  /** Says that the video has another rate than the file; null when they are the same. */
  readonly remark: string | null;
}

/**
 * The rate that was asked for, else the video's own, else one of which it is a whole part or multiple (12.5: 25), else the nearest.
 * A start timecode written with colons alone (`01:00:00:00`) asks for non-drop.
 */
export function chooseRate(average: number | null, wanted: RateName | undefined, startTimecode?: string): ChosenRate {
  const rate = FRAME_RATES[wanted ?? withDropAs(startTimecode, nearestRate(average))];
  if (average === null) return { rate, remark: `The rate of the video is unknown; written at ${rate.name} frames a second.` };
  const same = Math.abs(average / perSecond(rate) - 1) < SAME_RATE;
  const remark = `The video has ${Number(average.toFixed(3))} frames a second on average; written at ${rate.name}.`;
  return { rate, remark: same ? null : remark };
}

export const perSecond = ({ num, den }: FrameRate): number => num / den;

function nearestRate(average: number | null): RateName {
  if (average === null) return UNKNOWN_RATE;
  const distance = (name: RateName, factor = 1): number => Math.abs(Math.log((average * factor) / perSecond(FRAME_RATES[name])));
  for (let factor = 1; factor <= MOST_TIMES; factor++) {
    const found = DEFAULTS.find((name) => distance(name, factor) < SAME_RATE || distance(name, 1 / factor) < SAME_RATE);
    if (found) return found;
  }
  return DEFAULTS.reduce<RateName>((best, name) => (distance(name) < distance(best) ? name : best), DEFAULTS[0]);
}

function withDropAs(startTimecode: string | undefined, name: RateName): RateName {
  const colonsAlone = startTimecode !== undefined && !/[;.,]/.test(startTimecode);
  return (colonsAlone && WITHOUT_DROP[name]) || name;
}
