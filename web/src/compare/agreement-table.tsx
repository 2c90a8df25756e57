// The agreement of two analyses row by row; only the rows in sight exist.
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import { changeQuery, useQueryValue } from '../address/address';
import type { ComparedPair, Comparison, Video } from '../api/resources';
import { usePlayer } from '../player/use-player';
import { TimeButton } from '../time/time-button';
import { decimal } from '../numbers/decimal';
import styles from './agreement-table.module.css';

const ROW_HEIGHT = 52;

const FILTERS = [
  { value: '', name: 'All', count: ({ counts }: Comparison) => counts.both + counts.only_a + counts.only_b },
  { value: 'both', name: 'Both', count: ({ counts }: Comparison) => counts.both },
  { value: 'only_a', name: 'Only A', count: ({ counts }: Comparison) => counts.only_a },
  { value: 'only_b', name: 'Only B', count: ({ counts }: Comparison) => counts.only_b },
] as const;

export function AgreementTable({ video, comparison }: { readonly video: Video; readonly comparison: Comparison }) {
  const wanted = useQueryValue('show');
  const scroller = useRef<HTMLDivElement>(null);
  const pairs = useMemo(() => comparison.data.filter(({ found }) => wanted === '' || found === wanted), [comparison, wanted]);
  const rows = useVirtualizer({ count: pairs.length, getScrollElement: () => scroller.current, estimateSize: () => ROW_HEIGHT, overscan: 10 });
  const items = rows.getVirtualItems();
  return (
    <>
      <div className={styles.filters} role="group" aria-label="Show">
        {FILTERS.map(({ value, name, count }) => (
          <button key={value} type="button" className={styles.filter} aria-pressed={wanted === value} onClick={() => changeQuery({ show: value })}>
            {name} <span>{count(comparison).toLocaleString()}</span>
          </button>
        ))}
      </div>
      <div ref={scroller} className={styles.scroller} tabIndex={0} role="region" aria-label="Agreement">
        <table className={styles.table} aria-rowcount={pairs.length + 1}>
          <thead>
            <tr>
              <th scope="col">A</th>
              <th scope="col">B</th>
              <th scope="col" title="Intersection over union">
                IoU
              </th>
              <th scope="col" title="Seconds by which B begins later">
                start, s
              </th>
              <th scope="col" title="Seconds by which B ends later">
                end, s
              </th>
            </tr>
          </thead>
          <tbody>
            <Space height={items[0]?.start ?? 0} />
            {items.map(({ index }) => {
              const pair = pairs[index];
              return pair && <Row key={pair.a?.id ?? pair.b?.id} video={video} pair={pair} index={index} />;
            })}
            <Space height={rows.getTotalSize() - (items.at(-1)?.end ?? 0)} />
          </tbody>
        </table>
        {pairs.length === 0 && <p className="dim">{comparison.data.length === 0 ? 'Neither found anything.' : 'No segment is like that.'}</p>}
      </div>
    </>
  );
}

/** Stands for the rows that are out of sight. */
const Space = ({ height }: { readonly height: number }) => (height <= 0 ? null : <tr aria-hidden="true" style={{ height }}><td colSpan={5} className={styles.space} /></tr>);

function Row({ video, pair, index }: { readonly video: Video; readonly pair: ComparedPair; readonly index: number }) {
  const { a, b, iou, start_difference: start, end_difference: end, same_words: sameWords } = pair;
  return (
    <tr aria-rowindex={index + 2} style={{ height: ROW_HEIGHT }} data-found={pair.found}>
      <Side video={video} segment={a} missing="only B" />
      <Side video={video} segment={b} missing="only A" />
      <td className={styles.number}>
        {iou !== null && decimal(iou, 2)}
        {sameWords === false && <span className={styles.words}>other words</span>}
      </td>
      <td className={styles.number}>{signed(start)}</td>
      <td className={styles.number}>{signed(end)}</td>
    </tr>
  );
}

function Side({ video, segment, missing }: { readonly video: Video; readonly segment: ComparedPair['a']; readonly missing: string }) {
  const player = usePlayer();
  if (!segment) return <td className={styles.missing}>{missing}</td>;
  const { start_time: start, end_time: end, type, text } = segment;
  return (
    <td>
      <TimeButton start={start} end={end} frameRate={video.frame_rate} onSeek={(seconds) => player.seek(seconds)} />
      <div className={styles.text} title={text}>
        {type !== 'event' && <b>{type} </b>}
        {text}
      </div>
    </td>
  );
}

const signed = (seconds: number | null): string => (seconds === null ? '' : `${seconds < 0 ? '−' : '+'}${decimal(Math.abs(seconds), 2)}`);
