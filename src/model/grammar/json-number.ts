// Numbers of JSON within a range, digit by digit: a digit is only allowed where some number of the range begins with it.
import { type Term, type Terms } from './term.js';

export interface NumberLimits {
  readonly isInteger: boolean;
  /** Both included. */
  readonly least: number;
  readonly most: number;
}

/** Whole numbers have at most 15 digits and others nine with six decimals, so that all arithmetic on them is exact. */
const DECIMALS = 6;
const INTEGER_DIGITS = 15;
const NUMBER_DIGITS = 9;
/** Tokens that a number should have room for when it has to be cut. */
const COMFORT = 6;

/** The limits as whole multiples of the smallest step; `least` is above `most` when no number lies between them. */
interface Steps {
  readonly least: number;
  readonly most: number;
  readonly perUnit: number;
  readonly digits: number; // before the point
}

export function jsonNumber(terms: Terms, limits: NumberLimits): Term | undefined {
  const steps = stepsOf(limits);
  return steps.least <= steps.most ? numberFrom(terms, steps, '') : undefined;
}

function stepsOf({ isInteger, least, most }: NumberLimits): Steps {
  const digits = isInteger ? INTEGER_DIGITS : NUMBER_DIGITS;
  const perUnit = isInteger ? 1 : 10 ** DECIMALS;
  const largest = 10 ** digits * perUnit - 1;
  const inSteps = (value: number, round: (x: number) => number): number => {
    const steps = value * perUnit;
    const near = Math.round(steps);
    return Math.max(-largest, Math.min(largest, near / perUnit === value ? near : round(steps)));
  };
  return { least: inSteps(least, Math.ceil), most: inSteps(most, Math.floor), perUnit, digits };
}

function numberFrom(terms: Terms, steps: Steps, written: string): Term {
  return terms.intern(`number ${steps.least} ${steps.most} ${steps.perUnit} ${written}`, () => ({
    isNullable: isWhole(written, steps),
    closing: { bytes: endOf(written, steps), comfort: Math.max(0, COMFORT - written.length) },
    derive: (byte) => {
      const longer = written + String.fromCharCode(byte);
      return canBegin(longer, steps) ? numberFrom(terms, steps, longer) : undefined;
    },
  }));
}

const BEGINNING = /^(-?)(?:(0|[1-9]\d*)(\.\d*)?)?$/;

/** Whether some number of the range is written with these first characters. */
function canBegin(written: string, steps: Steps): boolean {
  return rangesOf(written, steps).some(([from, to]) => from <= to);
}

function isWhole(written: string, steps: Steps): boolean {
  if (!/\d$/.test(written)) return false;
  const value = Math.round(Number(written) * steps.perUnit);
  if (value === 0 && written.startsWith('-')) return false;
  return value >= steps.least && value <= steps.most;
}

/** What numbers that begin so can be, within the limits, in steps; empty ranges may be among them. */
function rangesOf(written: string, { least, most, perUnit, digits }: Steps): (readonly [number, number])[] {
  const match = BEGINNING.exec(written);
  const [, sign = '', whole, point] = match ?? [];
  if (!match || (whole?.length ?? 0) > digits) return [];
  // A negative zero is left out.
  const [low, high] = sign ? [Math.max(1, -most), -least] : [Math.max(0, least), most];
  const within = (from: number, to: number): readonly [number, number] => [Math.max(low, from), Math.min(high, to)];
  if (whole === undefined) return [[low, high]];
  const value = Number(whole);
  if (point !== undefined) {
    const decimals = point.length - 1;
    if (10 ** decimals > perUnit || perUnit === 1) return [];
    const width = perUnit / 10 ** decimals;
    const from = value * perUnit + Number(point.slice(1) || 0) * width;
    return [within(from, from + width - 1)];
  }
  if (value === 0) return [within(0, perUnit - 1)];
  return Array.from({ length: digits - whole.length + 1 }, (_, more) => within(value * 10 ** more * perUnit, (value + 1) * 10 ** more * perUnit - 1));
}

/** A short end, not always the shortest. */
function endOf(written: string, steps: Steps): string {
  let end = '';
  while (!isWhole(written + end, steps)) {
    const next = [...'0123456789.-'].find((character) => canBegin(written + end + character, steps));
    if (next === undefined) throw new Error(`nothing may follow ${written + end}`);
    end += next;
  }
  return end;
}
