// One video of the grid.
import { Checkbox } from '@mantine/core';
import { useInViewport, useMergedRef } from '@mantine/hooks';
import { memo, useRef } from 'react';
import { Link } from '../address/link';
import { useEventStrip } from '../api/segments';
import { clock } from '../time/time-format';
import { EventStrip } from './event-strip';
import type { LibraryEntry } from './library-filter';
import { ScrubPicture } from './scrub-picture';
import { StateWords } from './state-words';
import { useMark } from './use-mark';
import styles from './video-card.module.css';

interface VideoCardProps {
  readonly entry: LibraryEntry;
  readonly selected: boolean;
  readonly onSelect: (id: string, selected: boolean) => void;
}

export const VideoCard = memo(function VideoCard({ entry, selected, onSelect }: VideoCardProps) {
  const { video, task, state } = entry;
  const { ref, inViewport } = useInViewport<HTMLElement>();
  const card = useRef<HTMLElement>(null);
  const marked = useMark(video.id, card);
  const { data: strip } = useEventStrip(video, `${task?.status ?? ''}${task?.windows.done ?? ''}`, inViewport);
  const events = strip?.data.reduce((sum, { count }) => sum + count, 0);
  const count = strip && `${events}${strip.more ? '+' : ''} event${events === 1 ? '' : 's'}`;
  return (
    <article ref={useMergedRef(ref, card)} data-marked={marked} className={styles.card} data-state={state} data-selected={selected || undefined}>
      <Link href={`/videos/${video.id}`} className={styles.link} aria-label={`${video.name}, ${clock(video.duration, 0)}`}>
        <ScrubPicture video={video} />
        {state === 'working' && task && (
          <div className={styles.progress} role="progressbar" aria-label={`Analysis of ${video.name}`} aria-valuenow={Math.round(task.progress * 100)} aria-valuemin={0} aria-valuemax={100}>
            <div style={{ width: `${task.progress * 100}%` }} />
          </div>
        )}
        <EventStrip marks={strip?.data ?? []} duration={video.duration} />
      </Link>
      <div className={styles.foot}>
        <div className={styles.words}>
          <div className={styles.name} title={video.name}>
            {video.name}
          </div>
          <StateWords entry={entry} segments={count} />
        </div>
        <Checkbox className={styles.check ?? ''} size="xs" checked={selected} onChange={(event) => onSelect(video.id, event.currentTarget.checked)} aria-label={`Select ${video.name}`} />
      </div>
    </article>
  );
});
