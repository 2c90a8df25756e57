// The frames of a window as the model saw them, those inside the answer marked.
import type { MomentWindow } from '../api/resources';
import { usePlayer } from '../player/use-player';
import { SpritePicture } from '../sprites/sprite-picture';
import { type SpriteTile, tileAt } from '../sprites/sprites-vtt';
import { decimal } from '../numbers/decimal';
import styles from './frames-strip.module.css';

/** More pictures than this would be too narrow to be looked at. */
const MOST_PICTURES = 20;

interface FramesStripProps {
  readonly videoId: string;
  readonly window: MomentWindow;
  readonly tiles: readonly SpriteTile[];
}

export function FramesStrip({ videoId, window, tiles }: FramesStripProps) {
  const player = usePlayer();
  const times = shownTimes(window);
  return (
    <ul className={styles.strip} aria-label="Frames that the model saw">
      {times.map(({ seconds, inside }) => (
        <li key={seconds}>
          <button type="button" className={styles.frame} data-inside={inside || undefined} onClick={() => player.seek(seconds)} title={`${decimal(seconds, 2)} s${inside ? ', inside the answer' : ''}`} aria-label={`Frame at ${decimal(seconds, 2)} seconds${inside ? ', inside the answer' : ''}`}>
            <SpritePicture videoId={videoId} tile={tileAt(tiles, seconds)} className={styles.picture} />
          </button>
        </li>
      ))}
    </ul>
  );
}

interface SeenFrame {
  readonly seconds: number;
  readonly inside: boolean;
}

/** The frames lie on a grid of the effective rate; of those inside, the exact times are known. */
export function shownTimes({ start_time: start, end_time: end, effective_fps: fps, frame_times: known }: MomentWindow): SeenFrame[] {
  const [first = Infinity, last = -Infinity] = [known[0], known.at(-1)];
  const half = 0.5 / fps;
  const outside = Array.from({ length: Math.max(0, Math.round((end - start) * fps)) }, (_, k) => start + k / fps).filter((time) => time < first - half || time > last + half);
  const all = [...outside.map((seconds) => ({ seconds, inside: false })), ...known.map((seconds) => ({ seconds, inside: true }))].sort((a, b) => a.seconds - b.seconds);
  const every = Math.max(1, Math.ceil(all.length / MOST_PICTURES));
  return all.filter((_, index) => index % every === 0);
}
