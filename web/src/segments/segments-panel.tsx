// The segments as a list that follows what is played: only the rows in sight exist, and only their pages are asked for.
import { Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import { changeQuery } from '../address/address';
import { percent } from '../answers/percent';
import { PAGE_ROWS, segmentsFile, useOutline, useSegmentPages } from '../api/segments';
import type { Segment, Video } from '../api/resources';
import { ExportMenu } from '../exports/export-menu';
import { useAtTime, usePlayerState } from '../player/use-player';
import { pageAt, rowAt } from './place';
import { SegmentRow } from './segment-row';
import styles from './segments-panel.module.css';
import { useSegmentFilter, useSegmentQuery } from './segment-query';

const ROW_HEIGHT = 48;

interface SegmentsPanelProps {
  readonly video: Video;
  readonly taskId: string | undefined;
}

export function SegmentsPanel({ video, taskId }: SegmentsPanelProps) {
  const { playing } = usePlayerState();
  const filter = useSegmentFilter();
  const query = useSegmentQuery(video.id, taskId);
  const { data: outline } = useOutline(query);
  const count = outline?.count ?? 0;
  const [follows, setFollows] = useState(true);
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({ count, getScrollElement: () => scroller.current, estimateSize: () => ROW_HEIGHT, overscan: 12 });
  const items = rows.getVirtualItems();
  const playedPage = useAtTime((seconds) => (outline ? pageAt(outline, seconds) : 0));
  const pageOf = useSegmentPages(query, outline, pagesOf([...items.map(({ index }) => index), playedPage * PAGE_ROWS, (playedPage + 1) * PAGE_ROWS]));
  const current = useAtTime((seconds) => (outline ? rowAt(outline, PAGE_ROWS, pageOf, seconds) : -1));
  const segmentAt = (row: number): Segment | undefined => pageOf(Math.floor(row / PAGE_ROWS))?.[row % PAGE_ROWS];

  useEffect(() => {
    if (follows && playing && current >= 0) rows.scrollToIndex(current, { align: 'center' });
  }, [current, follows, playing, rows]);

  return (
    <div className={styles.panel}>
      <div className={styles.filters}>
        <NativeSelect size="xs" aria-label="Type" value={filter.type} data={[{ value: '', label: 'All types' }, ...(outline?.types ?? []).map(({ type }) => type)]} onChange={(event) => changeQuery({ type: event.currentTarget.value })} />
        <TextInput size="xs" aria-label="Text" placeholder="Filter by text" className={styles.text ?? ''} value={filter.text} onChange={(event) => changeQuery({ text: event.currentTarget.value })} />
        <ExportMenu label="Export the segments" hrefOf={(format) => segmentsFile(video.id, format, taskId)} />
      </div>
      <div className={styles.filters}>
        <label className={styles.least}>
          <span>At least {percent(filter.least)} sure</span>
          <input type="range" min={0} max={1} step={0.05} value={filter.least} onChange={(event) => changeQuery({ least: event.target.value === '0' ? null : event.target.value })} />
        </label>
        <Checkbox size="xs" label="Follow" checked={follows} onChange={(event) => setFollows(event.currentTarget.checked)} />
        <span className={styles.count}>{outline && count.toLocaleString()}</span>
      </div>
      <div ref={scroller} className={styles.scroller} tabIndex={0} role="region" aria-label="Segments">
        <ol className={styles.list} style={{ height: rows.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const segment = segmentAt(index);
            return segment && <SegmentRow key={index} video={video} segment={segment} top={start} height={ROW_HEIGHT} current={index === current} place={`${index + 1} of ${count}`} />;
          })}
        </ol>
        {outline && count === 0 && <p className="dim">{outline.types.length === 0 ? 'Nothing has been found yet.' : 'No segment is like that.'}</p>}
      </div>
    </div>
  );
}

const pagesOf = (rows: readonly number[]): number[] => [...new Set(rows.map((row) => Math.floor(row / PAGE_ROWS)))];
