// One segment of the list.
import { memo } from 'react';
import type { Segment, Video } from '../api/resources';
import { percent } from '../answers/percent';
import { usePlayer } from '../player/use-player';
import { TimeButton } from '../time/time-button';
import { kindOf, useKindColor } from '../timeline/type-colors';
import styles from './segment-row.module.css';

interface SegmentRowProps {
  readonly video: Video;
  readonly segment: Segment;
  readonly top: number;
  readonly height: number;
  readonly current: boolean;
  /** Where it is in the list, for whoever hears it. */
  readonly place: string;
}

export const SegmentRow = memo(function SegmentRow({ video, segment, top, height, current, place }: SegmentRowProps) {
  const player = usePlayer();
  const colorOf = useKindColor();
  const { start_time: start, end_time: end, type, text, confidence } = segment;
  return (
    <li className={styles.row} style={{ transform: `translateY(${top}px)`, height }} data-current={current || undefined} aria-current={current || undefined} aria-label={place}>
      <span className={styles.dot} style={{ background: `var(${colorOf(kindOf(segment))})` }} />
      <div className={styles.words}>
        <div className={styles.head}>
          <TimeButton start={start} end={end} frameRate={video.frame_rate} onSeek={(seconds) => player.seek(seconds)} />
          <span className="dim">{type}</span>
          {confidence !== null && <span className={styles.sure}>{percent(confidence)}</span>}
        </div>
        <div className={styles.text} title={text}>
          {text}
        </div>
      </div>
    </li>
  );
});
