// The playhead for whoever cannot see or point: a slider over the whole video.
import { usePlayer, useAtTime } from '../player/use-player';
import { formatTime } from '../time/time-format';
import { useTimeUnit } from '../time/time-unit';
import styles from './time-slider.module.css';

export function TimeSlider({ frameRate }: { readonly frameRate: number | null }) {
  const player = usePlayer();
  const unit = useTimeUnit();
  const seconds = useAtTime((now) => Math.round(now * 10) / 10);
  return (
    <input
      type="range"
      className={styles.slider}
      aria-label="Time"
      aria-valuetext={formatTime(seconds, unit, frameRate)}
      min={0}
      max={player.facts.duration}
      step={0.1}
      value={seconds}
      onChange={(event) => player.seek(Number(event.target.value))}
    />
  );
}
