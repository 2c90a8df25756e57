// The two analyses as lanes, and between them where they agree.
import type { ComparedPair } from '../api/resources';
import { type Lane, laneOf, type Span } from '../timeline/lane';
import { type KindColor, kindColors, kindOf } from '../timeline/type-colors';
import { decimal } from '../numbers/decimal';

type Compared = NonNullable<ComparedPair['a']>;

export function lanesOfComparison(pairs: readonly ComparedPair[]): Lane[] {
  const colorOf = kindColors(pairs.flatMap(({ a, b }) => [a, b].filter((one) => one !== null)));
  return [
    laneOf({ id: 'a', name: 'A', color: '--sky' }, pairs.flatMap(({ a }) => (a ? [spanOf(a, colorOf)] : []))),
    laneOf({ id: 'agreement', name: 'In both', color: '--work' }, pairs.map(agreementSpan)),
    laneOf({ id: 'b', name: 'B', color: '--violet' }, pairs.flatMap(({ b }) => (b ? [spanOf(b, colorOf)] : []))),
  ];
}

const spanOf = ({ id, start_time: start, end_time: end, type, text }: Compared, colorOf: KindColor): Span => ({ id, start, end, label: text === '' ? type : text, color: colorOf(kindOf({ type, text })) });

/** From the first start to the last end of both; what only one has is hollow. */
function agreementSpan({ a, b, iou }: ComparedPair): Span {
  const known = [a, b].filter((one) => one !== null);
  const [start, end] = [Math.min(...known.map(({ start_time: time }) => time)), Math.max(...known.map(({ end_time: time }) => time))];
  return iou === null ? { start, end, label: a ? 'only A' : 'only B', color: '--lost', hollow: true } : { start, end, label: decimal(iou, 2), color: '--work' };
}
