// The selected range, whose ends can be dragged or moved by key.
import type { KeyboardEvent, PointerEvent } from 'react';
import { usePlayer } from '../player/use-player';
import { type Extent, toX } from './scale';
import styles from './selection-range.module.css';
import { select, useSelection } from './use-selection';

interface SelectionRangeProps {
  readonly extent: Extent;
  readonly width: number;
  readonly duration: number;
  readonly secondsAt: (clientX: number) => number;
}

export function SelectionRange({ extent, width, duration, secondsAt }: SelectionRangeProps) {
  const { from, to } = useSelection();
  const [start, end] = [from ?? 0, to ?? duration];
  if ((from === undefined && to === undefined) || end <= start || width === 0) return null;
  const left = toX(start, extent, width);
  return (
    <div className={styles.range} style={{ transform: `translateX(${left}px)`, width: Math.max(2, toX(end, extent, width) - left) }}>
      <RangeEnd side="from" seconds={start} duration={duration} secondsAt={secondsAt} onMove={(seconds) => select({ from: Math.min(seconds, end - 0.01), to: end })} />
      <RangeEnd side="to" seconds={end} duration={duration} secondsAt={secondsAt} onMove={(seconds) => select({ from: start, to: Math.max(seconds, start + 0.01) })} />
    </div>
  );
}

interface RangeEndProps {
  readonly side: 'from' | 'to';
  readonly seconds: number;
  readonly duration: number;
  readonly secondsAt: (clientX: number) => number;
  readonly onMove: (seconds: number) => void;
}

function RangeEnd({ side, seconds, duration, secondsAt, onMove }: RangeEndProps) {
  const player = usePlayer();
  const move = (to: number): void => {
    const inside = Math.min(duration, Math.max(0, to));
    onMove(inside);
    player.seek(inside);
  };
  const byKey = (event: KeyboardEvent): void => {
    const frames = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (frames === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    move(seconds + frames / player.facts.frameRate);
  };
  const grab = (event: PointerEvent<HTMLElement>): void => {
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  return (
    <div
      className={styles.end}
      data-side={side}
      role="slider"
      tabIndex={0}
      aria-label={side === 'from' ? 'In point' : 'Out point'}
      aria-valuemin={0}
      aria-valuemax={duration}
      aria-valuenow={seconds}
      onKeyDown={byKey}
      onPointerDown={grab}
      onPointerMove={(event) => {
        event.stopPropagation();
        if (event.currentTarget.hasPointerCapture(event.pointerId)) move(secondsAt(event.clientX));
      }}
      onPointerUp={(event) => event.stopPropagation()}
    />
  );
}
