// The playhead: moves with the pictures, and keeps itself in sight while the video plays.
import { useRef } from 'react';
import { useEachTime, usePlayer } from '../player/use-player';
import { type Extent, showing, toX } from './scale';
import styles from './playhead.module.css';
import type { ChangeExtent } from './use-viewport';

interface PlayheadProps {
  readonly extent: Extent;
  readonly width: number;
  readonly onExtent: ChangeExtent;
}

export function Playhead({ extent, width, onExtent }: PlayheadProps) {
  const line = useRef<HTMLDivElement>(null);
  const player = usePlayer();
  const place = (seconds: number): void => {
    if (line.current) line.current.style.transform = `translateX(${toX(seconds, extent, width).toFixed(1)}px)`;
  };
  useEachTime((seconds) => {
    place(seconds);
    if (player.current.playing && (seconds < extent.start || seconds > extent.end)) onExtent((now) => showing(now, seconds, player.facts.duration));
  });
  return (
    <div
      ref={(element) => {
        line.current = element;
        place(player.seconds);
      }}
      className={styles.line}
      aria-hidden="true"
    />
  );
}
