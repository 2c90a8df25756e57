// What moves in a section, second by second, and where its shots begin.
import { shotsOf } from '../signals/shots.js';
import { type SectionFindings } from './planned-window.js';
import { type Section } from './sections.js';

export interface Activity {
  /** Ascending, inside the section. */
  readonly shotStarts: readonly number[];
  /** Nothing to speak of happens in any second of the range; what lies outside the section is not asked. */
  isStill(startSeconds: number, endSeconds: number): boolean;
  /** Half of the measured seconds or more are full of motion. */
  isBusy(startSeconds: number, endSeconds: number): boolean;
  /** Mean of the measured seconds, grey levels a second, two decimals; null where nothing was measured. */
  motion(startSeconds: number, endSeconds: number): number | null;
}

/**
 * Grey levels a second. A static scene under compression stays below 0.5 and small shapes that move over a dark ground are at 2 to 25;
 * a camera carried through a street is at 60 to 260.
 */
const STILL_BELOW = 0.5;
const BUSY_FROM = 60;
const BUSY_SHARE = 0.5;

/** Without findings nothing is still and nothing busy. */
export function activityOf(section: Section, findings: SectionFindings | undefined): Activity {
  const first = Math.floor(section.startSeconds);
  const motion = findings?.motion ?? [];
  const unmoved = (findings?.stretches ?? []).filter(({ type }) => type === 'black' || type === 'freeze');
  const secondsOf = (start: number, end: number): number[] => {
    const from = Math.max(first, Math.floor(start));
    const to = Math.min(Math.ceil(section.endSeconds), Math.ceil(end));
    return Array.from({ length: Math.max(0, to - from) }, (_, k) => from + k);
  };
  const measured = (start: number, end: number): number[] => secondsOf(start, end).flatMap((second) => motion[second - first] ?? []);
  const covered = (second: number): boolean => unmoved.some(({ startSeconds, endSeconds }) => startSeconds <= second && endSeconds >= second + 1);
  const stillSecond = (second: number): boolean => (motion[second - first] ?? Infinity) < STILL_BELOW || covered(second);
  return {
    shotStarts: shotsOf(findings?.transitions ?? [], section).slice(1).map(({ startSeconds }) => startSeconds),
    isStill: (start, end) => findings !== undefined && secondsOf(start, end).every(stillSecond),
    isBusy: (start, end) => {
      const values = measured(start, end);
      return values.length > 0 && values.filter((value) => value >= BUSY_FROM).length >= values.length * BUSY_SHARE;
    },
    motion: (start, end) => {
      const values = measured(start, end);
      return values.length === 0 ? null : Math.round((values.reduce((sum, value) => sum + value, 0) / values.length) * 100) / 100;
    },
  };
}
