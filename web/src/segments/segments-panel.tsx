// The segments as a list that follows what is played; only the rows in sight exist.
import { Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import { changeQuery, useQueryValue } from '../address/address';
import { segmentsFile } from '../api/segments';
import type { Segment, Video } from '../api/resources';
import { ExportMenu } from '../exports/export-menu';
import { useAtTime, usePlayer, usePlayerState } from '../player/use-player';
import { useKeys } from '../shell/keys';
import { currentIndex, filterSegments } from './segment-filter';
import { SegmentRow } from './segment-row';
import styles from './segments-panel.module.css';

const ROW_HEIGHT = 48;

interface SegmentsPanelProps {
  readonly video: Video;
  readonly segments: readonly Segment[];
  readonly taskId: string | undefined;
}

export function SegmentsPanel({ video, segments, taskId }: SegmentsPanelProps) {
  const player = usePlayer();
  const { playing } = usePlayerState();
  const filter = { type: useQueryValue('type'), text: useQueryValue('text'), least: Number(useQueryValue('least')) || 0 };
  const [follows, setFollows] = useState(true);
  const types = useMemo(() => [...new Set(segments.map(({ type }) => type))].sort(), [segments]);
  const shown = useMemo(() => filterSegments(segments, filter), [segments, filter.type, filter.text, filter.least]);
  const current = useAtTime((seconds) => currentIndex(shown, seconds));
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({ count: shown.length, getScrollElement: () => scroller.current, estimateSize: () => ROW_HEIGHT, overscan: 12 });

  useEffect(() => {
    if (follows && playing && current >= 0) rows.scrollToIndex(current, { align: 'center' });
  }, [current, follows, playing, rows]);
  const goTo = (segment: Segment | undefined): void => void (segment && player.seek(segment.start_time));
  useKeys({ '[': () => goTo(shown[Math.max(0, current - 1)]), ']': () => goTo(shown[current + 1]) });

  return (
    <div className={styles.panel}>
      <div className={styles.filters}>
        <NativeSelect size="xs" aria-label="Type" value={filter.type} data={[{ value: '', label: 'All types' }, ...types]} onChange={(event) => changeQuery({ type: event.currentTarget.value })} />
        <TextInput size="xs" aria-label="Text" placeholder="Filter by text" className={styles.text ?? ''} value={filter.text} onChange={(event) => changeQuery({ text: event.currentTarget.value })} />
        <ExportMenu label="Export the segments" hrefOf={(format) => segmentsFile(video.id, format, taskId)} />
      </div>
      <div className={styles.filters}>
        <label className={styles.least}>
          <span>At least {filter.least.toFixed(2)} sure</span>
          <input type="range" min={0} max={1} step={0.05} value={filter.least} onChange={(event) => changeQuery({ least: event.target.value === '0' ? null : event.target.value })} />
        </label>
        <Checkbox size="xs" label="Follow" checked={follows} onChange={(event) => setFollows(event.currentTarget.checked)} />
        <span className="dim">{shown.length.toLocaleString()}</span>
      </div>
      <div ref={scroller} className={styles.scroller} tabIndex={0} role="region" aria-label="Segments">
        <ol className={styles.list} style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index, start }) => {
            const segment = shown[index];
            return segment && <SegmentRow key={segment.id} video={video} segment={segment} top={start} height={ROW_HEIGHT} current={index === current} place={`${index + 1} of ${shown.length}`} />;
          })}
        </ol>
        {shown.length === 0 && <p className="dim">{segments.length === 0 ? 'Nothing has been found yet.' : 'No segment is like that.'}</p>}
      </div>
    </div>
  );
}
