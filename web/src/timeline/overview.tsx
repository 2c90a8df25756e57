// The strip of the whole video: drag in it to go elsewhere.
import { useElementSize } from '@mantine/hooks';
import { type PointerEvent, useCallback, useState } from 'react';
import { Columns } from './columns';
import type { Lane } from './lane';
import styles from './overview.module.css';
import { OVERVIEW_HEIGHT, paintOverview } from './paint-overview';
import { type Extent, toX } from './scale';
import { useCanvas } from './use-canvas';
import type { ChangeExtent } from './use-viewport';

interface OverviewProps {
  readonly lanes: readonly Lane[];
  readonly extent: Extent;
  readonly duration: number;
  readonly onExtent: ChangeExtent;
  readonly onSeek: (seconds: number) => void;
}

/** Structure and machinery would drown what was found; what was rejected was not. */
const isFinding = ({ id, spans }: Lane): boolean => spans.some(({ hollow }) => !hollow) && !['shot', 'cues', 'looked'].includes(id);

export function Overview({ lanes, extent, duration, onExtent, onSeek }: OverviewProps) {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const [columns] = useState(() => new Columns());
  const paint = useCallback<Parameters<typeof useCanvas>[2]>(
    (context, colors) => {
      const knownUntil = lanes.find(({ id }) => id === 'looked')?.knownUntil ?? 0;
      paintOverview({ context, width, duration, colors, lanes: lanes.filter(isFinding), knownUntil, columns });
    },
    [lanes, width, duration, columns],
  );
  const canvas = useCanvas(width, OVERVIEW_HEIGHT, paint);
  const go = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.type === 'pointermove' && !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const { left } = event.currentTarget.getBoundingClientRect();
    const seconds = Math.min(duration, Math.max(0, ((event.clientX - left) / width) * duration));
    const length = extent.end - extent.start;
    if (length < duration) onExtent(() => ({ start: seconds - length / 2, end: seconds + length / 2 }));
    onSeek(seconds);
  };
  const [left, right] = [extent.start, extent.end].map((seconds) => toX(seconds, { start: 0, end: duration }, width));
  return (
    <>
      <div className={styles.name}>Whole video</div>
      <div ref={ref} className={styles.strip} onPointerDown={go} onPointerMove={go}>
        <canvas ref={canvas} style={{ width, height: OVERVIEW_HEIGHT }} aria-hidden="true" />
        <div className={styles.shown} style={{ transform: `translateX(${left ?? 0}px)`, width: Math.max(6, (right ?? 0) - (left ?? 0)) }} />
      </div>
    </>
  );
}
