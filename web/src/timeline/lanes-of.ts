// What the timeline of a video shows, from what the API knows of it.
import { nearMiss } from '../answers/near-miss';
import { percent } from '../answers/percent';
import type { Moments, PlannedWindow, SegmentMark } from '../api/resources';
import { grouped } from '../store/grouped';
import { decimal } from '../numbers/decimal';
import { type Lane, laneOf, type Span } from './lane';
import { type KindColor, kindOf, typeColor } from './type-colors';

export interface LaneSources {
  readonly marks: readonly SegmentMark[];
  /** How many segments there are of each type; of those that are not named, as many as there are marks for. */
  readonly counts?: ReadonlyMap<string, number>;
  readonly windows: readonly PlannedWindow[];
  readonly moments: Moments | undefined;
  readonly hits: readonly Span[];
  /** Everything before this second was looked at by the model. */
  readonly analysedUntil: number;
  readonly colorOf?: KindColor;
}

/** Signals that mark an instant or a state of the picture or the sound, rather than a shot. */
const CUES = new Set(['fade', 'dissolve', 'black', 'freeze', 'silence', 'camera']);

const NAMES: Readonly<Record<string, string>> = { shot: 'Shots', event: 'Events', speech: 'Speech', chapter: 'Chapters', response: 'Responses' };

export function lanesOf({ marks, counts = new Map(), windows, moments, hits, analysedUntil, colorOf = typeColor }: LaneSources): Lane[] {
  const markSpan = (mark: SegmentMark): Span => spanOf(mark, colorOf);
  const laneOfType = (type: string): string => (CUES.has(type) ? 'cues' : type);
  const byType = grouped(marks, ({ type }) => laneOfType(type));
  for (const type of counts.keys()) if (!byType.has(laneOfType(type))) byType.set(laneOfType(type), []);
  const countOf = (lane: string): number => [...counts].reduce((sum, [type, count]) => sum + (laneOfType(type) === lane ? count : 0), 0);
  const shots = laneOf({ id: 'shot', name: 'Shots', color: '--shot', count: countOf('shot') }, (byType.get('shot') ?? []).map((mark, index) => ({ ...markSpan(mark), label: '', color: index % 2 === 0 ? '--shot' : '--shot-alt' })));
  const cues = laneOf({ id: 'cues', name: 'Cues', color: '--cyan', count: countOf('cues') }, (byType.get('cues') ?? []).map(markSpan));
  const types = [...byType.keys()].filter((type) => type !== 'shot' && type !== 'cues').sort(eventsFirst);
  const events = (types.length === 0 ? ['event'] : types).map((type) => eventLane({ type, marks: byType.get(type) ?? [], count: countOf(type), analysedUntil, colorOf }));
  return [
    shots,
    ...(byType.has('cues') ? [cues] : []),
    ...events,
    ...(moments ? [answerLane(moments), ...relevanceLane(moments)] : []),
    ...(hits.length > 0 ? [laneOf({ id: 'hits', name: 'Search hits', color: '--accent' }, hits)] : []),
    windowLane(windows, analysedUntil),
  ];
}

const eventsFirst = (a: string, b: string): number => Number(b === 'event') - Number(a === 'event') || a.localeCompare(b);

interface EventLane {
  readonly type: string;
  readonly marks: readonly SegmentMark[];
  readonly count: number;
  readonly analysedUntil: number;
  readonly colorOf: KindColor;
}

function eventLane({ type, marks, count, analysedUntil, colorOf }: EventLane): Lane {
  const byModel = type === 'event' || marks.some(({ source }) => source === 'model');
  return laneOf({ id: type, name: NAMES[type] ?? type, color: type === 'event' ? '--sky' : colorOf(type), count, ...(byModel && { knownUntil: analysedUntil }) }, marks.map((mark) => spanOf(mark, colorOf)));
}

const spanOf = ({ id, start_time: start, end_time: end, type, text, count }: SegmentMark, colorOf: KindColor): Span => ({
  ...{ start, end, label: count > 1 ? `${count} × ${type}` : text === '' ? type : text.replace(/^(?:The|An?) /, ''), ...(id !== null && { id }) },
  color: colorOf(kindOf({ type, text })),
});

function answerLane(moments: Moments): Lane {
  const { data } = moments;
  const near = data.length === 0 ? nearMiss(moments) : undefined;
  const answers = data.map(({ id, start_time: start, end_time: end, confidence }): Span => ({ id, start, end, label: percent(confidence), color: '--accent' }));
  const closest: Span[] = near ? [{ start: near.start_time, end: near.end_time, label: 'rejected', color: '--accent', hollow: true }] : [];
  return laneOf({ id: 'answers', name: 'Answers', color: '--accent', count: data.length }, [...answers, ...closest]);
}

function relevanceLane({ curve }: Moments): Lane[] {
  if (!curve) return [];
  const values = curve.values.map((logOdds) => (logOdds === null ? null : 1 / (1 + Math.exp(-logOdds))));
  return [laneOf({ id: 'relevance', name: 'Relevance', color: '--work', curve: { start: curve.start_time, step: curve.step_seconds, values } }, [])];
}

function windowLane(windows: readonly PlannedWindow[], analysedUntil: number): Lane {
  const spans = windows.map(({ start_time: start, end_time: end, effective_fps: fps, status }): Span => ({
    ...{ start, end, color: status === 'failed' ? '--lost' : '--looked' },
    label: fps === null ? status : `${decimal(fps, 1)} fps`,
    hollow: status !== 'ready',
  }));
  return laneOf({ id: 'looked', name: 'Looked at', color: '--looked', knownUntil: analysedUntil }, spans);
}
