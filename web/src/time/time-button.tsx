// A time that can be used: a click seeks to it, a click with Alt copies it.
import { showFailure, showToast } from '../shell/toasts';
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
      onClick={(event) => {
        if (!event.altKey) return onSeek(start);
        if (!window.isSecureContext) showToast({ text: `Browsers copy from pages over HTTPS only: ${text}` });
        else void navigator.clipboard.writeText(text).then(() => showToast({ text: `Copied ${text}` }), showFailure);
      }}
    >
      {text}
    </button>
  );
}
