// What the timeline shows of a try: the shots, a lane for each kind, what was looked at.
import type { SegmentMark } from '../api/resources';
import { grouped } from '../store/grouped';
import { type Lane, laneOf, type Span } from '../timeline/lane';
import { typeColor } from '../timeline/type-colors';
import { decimal } from '../numbers/decimal';
import type { Try } from './use-try';

/** `marks`: of the analysis that tried, and of the video itself; `kinds`: names that are being written, each has a lane, also where nothing was found. */
export function lanesOfTry({ task, windows }: Pick<Try, 'task' | 'windows'>, marks: readonly SegmentMark[], kinds: readonly string[]): Lane[] {
  const shots = marks.filter(({ type, source }) => type === 'shot' && source === 'signal');
  const byType = grouped(task ? marks.filter(({ source }) => source === 'model') : [], ({ type }) => type);
  const types = [...new Set([...kinds, ...byType.keys()])];
  const knownUntil = task ? (task.status === 'ready' ? task.end_time : (task.processed_until ?? 0)) : 0;
  const looked = windows.map(({ start_time: start, end_time: end, effective_fps: fps, status }): Span => ({
    ...{ start, end, color: status === 'failed' ? '--lost' : '--looked', label: fps === null ? status : `${decimal(fps, 1)} fps` },
    hollow: status !== 'ready',
  }));
  return [
    laneOf({ id: 'shot', name: 'Shots', color: '--shot' }, shots.map((mark, index) => ({ ...spanOf(mark), label: '', color: index % 2 === 0 ? '--shot' : '--shot-alt' }))),
    ...types.map((type) => laneOf({ id: `kind ${type}`, name: type, color: typeColor(type), knownUntil }, (byType.get(type) ?? []).map(spanOf))),
    laneOf({ id: 'looked', name: 'Looked at', color: '--looked', knownUntil }, looked),
  ];
}

const spanOf = ({ id, start_time: start, end_time: end, type, text, count }: SegmentMark): Span => ({
  ...{ start, end, label: count > 1 ? `${count} × ${type}` : text === '' ? type : text, color: typeColor(type) },
  ...(id !== null && { id }),
});
