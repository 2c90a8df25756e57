// What was found in a video, as marks along its length.
import type { SegmentMark } from '../api/resources';
import { kindColors, kindOf } from '../timeline/type-colors';
import styles from './event-strip.module.css';

export function EventStrip({ marks, duration }: { readonly marks: readonly SegmentMark[]; readonly duration: number }) {
  const colorOf = kindColors(marks);
  return (
    <svg className={styles.strip} viewBox={`0 0 ${duration} 6`} preserveAspectRatio="none" aria-hidden="true">
      {marks.map(({ start_time, end_time, text, type }, index) => (
        <rect key={index} x={start_time} y="0" height="6" width={Math.max(duration / 250, end_time - start_time - duration / 400)} fill={`var(${colorOf(kindOf({ type, text }))})`} opacity="0.85" />
      ))}
    </svg>
  );
}
