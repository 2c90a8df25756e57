// Reads times and events out of what the model wrote (spec 11.1, parsing advice). Times stay on the model's clock.
import { findObjects, objectField } from './loose-json.js';

/** A range in seconds of the model's clock, with the characters of the answer that name it. */
export interface TimeSpan {
  readonly start: number;
  readonly end: number;
  readonly span: readonly [number, number];
}

export interface AnsweredEvent extends TimeSpan {
  readonly text: string;
  /** The object that it was written as; empty for a line of prose. */
  readonly value: Readonly<Record<string, unknown>>;
}

export interface AnsweredEvents {
  readonly events: readonly AnsweredEvent[];
  /** Things that look like events but cannot be read, or 1 for an answer in which nothing can. */
  readonly unparsed: number;
  /** The answer breaks off inside an event. */
  readonly truncated: boolean;
}

export type GroundingAnswer =
  | { readonly kind: 'spans'; readonly spans: readonly TimeSpan[]; /** Objects of the answer that cannot be read. */ readonly unparsed: number }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unparsed' };

const START_KEYS = ['start_time', 'start', 'begin'];
const END_KEYS = ['end_time', 'end', 'stop'];
const TEXT_KEYS = ['description', 'event', 'text', 'caption', 'label'];

// Spec 11.1: ss(.f), mm:ss(.f), hh:mm:ss(.f); minutes may exceed 59, the part after the point is a decimal fraction.
const TIME = String.raw`\d+(?::\d{1,2}){0,2}(?:\.\d+)?`;
const UNIT = String.raw`\s*(?:seconds?|secs?|s)?\b`;
const RANGE = new RegExp(
  String.raw`(${TIME})${UNIT}\s*(?:-|–|—|~|\bto\b|\buntil\b)\s*(${TIME})${UNIT}|(?<=\bbetween\s+)(${TIME})${UNIT}\s*\band\s+(${TIME})${UNIT}`,
  'gi',
);
const NOT = String.raw`(?:\b(?:cannot|not|never|no)\b|n't\b)(?!\s+(?:know|sure|clear|certain|able|possible|determine|tell|say)\b)`;
const THERE =
  String.raw`happen|occur|appear|present|show|seen|visible|exist|found|find(?!\s+out)|locate|detect|contain|take place` +
  String.raw`|in the (?:video|clip)`;
/** Says that the content is not there; "I do not know" says nothing of the kind. */
const ABSENT = new RegExp(String.raw`${NOT}.*\b(?:${THERE})|^\W*(?:no|none|never|absent)\W*$`, 'is');

/** Seconds of `3.5`, `"3.5s"`, `"01:02.50"` or `"1:00:02"`; undefined for anything else. */
export function parseTime(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value : undefined;
  if (typeof value !== 'string') return undefined;
  const match = new RegExp(`^\\s*(${TIME})${UNIT}\\s*$`, 'i').exec(value);
  return match?.[1]?.split(':').reduce((seconds, part) => seconds * 60 + Number(part), 0);
}

/** The events of a dense description, in the order written: JSON objects, or else one range and its words a line. */
export function parseEvents(text: string): AnsweredEvents {
  const { objects, broken, truncated } = findObjects(text);
  if (objects.length + broken > 0 || truncated) {
    const events = objects.flatMap(({ value, span }) => eventOf(value, span) ?? []);
    return { events, unparsed: broken + objects.length - events.length, truncated };
  }
  const ranges = [...text.matchAll(/[^\n]+/g)].flatMap((line) => eventsOfLine(line[0], line.index));
  const events = ranges.filter((event) => event !== undefined);
  const isEmptyList = /^\s*(?:```\w*)?\s*\[\s*\]\s*(?:```)?\s*$/.test(text);
  return { events, unparsed: ranges.length === 0 && !isEmptyList ? 1 : ranges.length - events.length, truncated: false };
}

/** The ranges of a grounding answer, or that it says there is none. */
export function parseGrounding(text: string): GroundingAnswer {
  const { objects, broken } = findObjects(text);
  const named = objects.flatMap(({ value, span }) => spanOf(value, span) ?? []);
  if (named.length > 0) return { kind: 'spans', spans: named, unparsed: broken + objects.length - named.length };
  const spans = [...text.matchAll(RANGE)].flatMap((match) => rangeOf(match, 0) ?? []);
  if (spans.length > 0) return { kind: 'spans', spans, unparsed: 0 };
  return { kind: ABSENT.test(text) ? 'absent' : 'unparsed' };
}

function eventOf(value: Readonly<Record<string, unknown>>, span: readonly [number, number]): AnsweredEvent | undefined {
  const times = spanOf(value, span);
  const text = objectField(value, TEXT_KEYS);
  return times && typeof text === 'string' && text.trim() !== '' ? { ...times, text: text.trim(), value } : undefined;
}

function spanOf(value: Readonly<Record<string, unknown>>, span: readonly [number, number]): TimeSpan | undefined {
  const start = parseTime(objectField(value, START_KEYS));
  const end = parseTime(objectField(value, END_KEYS));
  return start === undefined || end === undefined ? undefined : ordered(start, end, span);
}

/** One entry for each range of the line; undefined for a range without words, or beyond the first, whose words nobody can tell. */
function eventsOfLine(line: string, offset: number): (AnsweredEvent | undefined)[] {
  return [...line.matchAll(RANGE)].map((match, k) => {
    const range = k === 0 ? rangeOf(match, offset) : undefined;
    const before = line.slice(0, match.index).replace(/^\s*(?:\d+[.)]\s|[-*]\s)/, '').replace(/\b(?:from|between|at|in)\s*$/i, '');
    const words = `${before}${line.slice(match.index + match[0].length)}`.replace(/^[\s:,.\-–—*[\]()]+|[\s:,\-–—*[\]()]+$/g, '');
    return range && words !== '' ? { ...range, text: words, value: {} } : undefined;
  });
}

function rangeOf(match: RegExpExecArray, offset: number): TimeSpan | undefined {
  const start = parseTime(match[1] ?? match[3]);
  const end = parseTime(match[2] ?? match[4]);
  if (start === undefined || end === undefined) return undefined;
  return ordered(start, end, [offset + match.index, offset + match.index + match[0].length]);
}

/** Reversed ends are swapped. */
const ordered = (a: number, b: number, span: readonly [number, number]): TimeSpan => ({ start: Math.min(a, b), end: Math.max(a, b), span });
