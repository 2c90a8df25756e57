// A time that can be used: a click seeks to it, a click with Alt copies it.
import { copy } from '../shell/copy';
import { formatTime } from './time-format';
import styles from './time-button.module.css';
import { useTimeUnit } from './time-unit';

interface TimeButtonProps {
  readonly start: number;
  readonly end?: number;
  readonly frameRate: number | null;
  readonly onSeek: (seconds: number) => void;
}

export function TimeButton({ start, end, frameRate, onSeek }: TimeButtonProps) {
  const unit = useTimeUnit();
  const from = formatTime(start, unit, frameRate);
  const text = end === undefined ? from : `${from} – ${formatTime(end, unit, frameRate)}`;
  return (
    <button
      type="button"
      className={styles.time}
      title="Click to go there, Alt-click to copy"
      onClick={(event) => (event.altKey ? copy(text) : onSeek(start))}
    >
      {text}
    </button>
  );
}
