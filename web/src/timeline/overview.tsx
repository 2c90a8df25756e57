// The strip of the whole video: drag in it to go elsewhere.
import { useElementSize } from '@mantine/hooks';
import { type PointerEvent, useCallback } from 'react';
import type { Lane } from './lane';
import styles from './overview.module.css';
import { OVERVIEW_HEIGHT, paintOverview } from './paint-overview';
import type { Extent } from './scale';
import { useCanvas } from './use-canvas';
import type { ChangeExtent } from './use-extent';

interface OverviewProps {
  readonly lanes: readonly Lane[];
  readonly extent: Extent;
  readonly duration: number;
  readonly onExtent: ChangeExtent;
  readonly onSeek: (seconds: number) => void;
}

/** Structure and machinery would drown what was found. */
const isFinding = ({ id, spans }: Lane): boolean => spans.length > 0 && !['shot', 'cues', 'looked'].includes(id);

export function Overview({ lanes, extent, duration, onExtent, onSeek }: OverviewProps) {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const paint = useCallback<Parameters<typeof useCanvas>[2]>(
    (context, colors) => {
      const knownUntil = lanes.find(({ id }) => id === 'looked')?.knownUntil ?? 0;
      paintOverview({ context, width, duration, extent, colors, lanes: lanes.filter(isFinding), knownUntil });
    },
    [lanes, width, duration, extent],
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
  return (
    <>
      <div className={styles.name}>Whole video</div>
      <div ref={ref} className={styles.strip} onPointerDown={go} onPointerMove={go}>
        <canvas ref={canvas} style={{ width, height: OVERVIEW_HEIGHT }} aria-hidden="true" />
      </div>
    </>
  );
}
