// How two analyses are laid side by side, against cases worked out by hand and properties that hold for any.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overlapShare } from '../grounding/time-range.js';
import { agreementOf, type TypedEvent } from './agreement.js';

const event = (startSeconds: number, endSeconds: number, text = 'a goal', type = 'event'): TypedEvent => ({ startSeconds, endSeconds, text, type });
const told = (a: readonly TypedEvent[], b: readonly TypedEvent[], least = 0.5) =>
  agreementOf(a, b, least).map((pair) => [pair.a?.startSeconds ?? null, pair.b?.startSeconds ?? null, Number(pair.iou.toFixed(3)), pair.sameWords]);

describe('the agreement of two lists', () => {
  it('pairs what overlaps enough, and shows what only one has, in order of time', () => {
    expect(told([event(10, 20), event(40, 50), event(80, 90)], [event(11, 20), event(46, 60), event(70, 75)])).toEqual([
      [10, 11, 0.9, true],
      [40, null, 0, false],
      [null, 46, 0, false],
      [null, 70, 0, false],
      [80, null, 0, false],
    ]);
  });

  it('pairs those that say the same before those that overlap more', () => {
    const [red, blue] = [event(0, 10, 'The red circle grows.'), event(0, 10, 'a blue square blinks')];
    expect(told([red], [event(0, 10, 'a blue square blinks'), event(1, 10, 'red circle grows')])).toEqual([[0, 1, 0.9, true], [null, 0, 0, false]]);
    expect(told([red], [blue])).toEqual([[0, 0, 1, false]]);
    expect(told([event(0, 10, 'x', 'goal')], [event(0, 10, 'x', 'foul')])).toEqual([[0, 0, 1, false]]);
  });

  it('finds a short one below a long one that began long before', () => {
    expect(told([event(50, 60)], [event(0, 100, 'other'), event(1, 2), event(51, 60)], 0.05)).toEqual([
      [null, 0, 0, false],
      [null, 1, 0, false],
      [50, 51, 0.9, true],
    ]);
  });

  it('refuses to pair what overlaps beyond measure', () => {
    const many = Array.from({ length: 450 }, () => event(0, 10));
    expect(() => agreementOf(many, many, 0.5)).toThrow(expect.objectContaining({ code: 'comparison.too_large' }));
  });

  it('looks at few of many events below one as long as the video', () => {
    let reads = 0;
    const counted = (start: number, end: number) => ({ ...event(0, end, 'x'), get startSeconds() { return reads++, start; } });
    const short = () => Array.from({ length: 5000 }, (_, k) => counted(k, k + 0.9));
    expect(agreementOf(short(), [counted(0, 5000), ...short()], 0.5)).toHaveLength(5001);
    expect(reads).toBeLessThan(2_000_000); // all pairs are 25,000,000
  });

  it('finds what a comparison of all with all finds', () => {
    const drawn = fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }), fc.constantFrom('a', 'b')).map(([start, length, text]) => event(start / 4, (start + length) / 4, text)), { maxLength: 20 });
    fc.assert(
      fc.property(drawn, drawn, fc.constantFrom(0, 0.1, 0.5, 0.9, 1), (listA, listB, least) => {
        const [inA, inB] = [[...listA].sort(byStart), [...listB].sort(byStart)];
        const all = inA.flatMap((a, row) => inB.map((b, column) => ({ a, b, row, column, iou: overlapShare(a, b), same: a.text === b.text })));
        const [paired, pairs] = [new Set<TypedEvent>(), [] as unknown[]];
        for (const { a, b, iou } of all.filter(({ iou }) => iou > 0 && iou >= least).sort((x, y) => Number(y.same) - Number(x.same) || y.iou - x.iou || x.row - y.row || x.column - y.column)) {
          if (paired.has(a) || paired.has(b)) continue;
          paired.add(a).add(b);
          pairs.push([a, b, iou]);
        }
        const found = agreementOf(inA, inB, least).flatMap(({ a, b, iou }) => (a && b ? [[a, b, iou]] : []));
        expect(found).toHaveLength(pairs.length);
        expect(found).toEqual(expect.arrayContaining(pairs));
      }),
    );
  });

  it('shows every event once, and is the same from the other side', () => {
    const events = fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 20 }), fc.constantFrom('a', 'b')).map(([start, length, text]) => event(start, start + length, text)), { maxLength: 12 });
    fc.assert(
      fc.property(events, events, fc.constantFrom(0, 0.3, 0.9), (a, b, least) => {
        const pairs = agreementOf(a, b, least);
        expect(pairs.flatMap((pair) => pair.a ?? []).sort(byStart)).toEqual([...a].sort(byStart));
        expect(pairs.flatMap((pair) => pair.b ?? []).sort(byStart)).toEqual([...b].sort(byStart));
        for (const { a: one, b: other, iou } of pairs) expect(iou > 0 && iou >= least).toBe(one !== undefined && other !== undefined);
        const both = (list: typeof pairs): number[] => list.flatMap(({ iou }) => (iou > 0 ? [iou] : [])).sort();
        expect(both(agreementOf(b, a, least)).length).toBe(both(pairs).length);
      }),
    );
  });
});

const byStart = (a: TypedEvent, b: TypedEvent): number => a.startSeconds - b.startSeconds || a.endSeconds - b.endSeconds || a.text.localeCompare(b.text);
