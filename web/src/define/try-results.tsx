// What a try found, as it is found.
import { percent } from '../answers/percent';
import type { Segment, Video } from '../api/resources';
import { isRunning } from '../api/tasks';
import { Link } from '../address/link';
import { usePlayer } from '../player/use-player';
import { TimeButton } from '../time/time-button';
import { typeColor } from '../timeline/type-colors';
import styles from './try-results.module.css';
import { TryState } from './try-state';
import type { Try } from './use-try';

export function TryResults({ video, tried }: { readonly video: Video; readonly tried: Try }) {
  const { task, found, more, isLoading } = tried;
  return (
    <section className={styles.box} aria-label="Found by the try" tabIndex={0}>
      <TryState tried={tried} />
      {found.length === 0 && !isLoading && <p className="dim">{emptyWords(task)}</p>}
      <ol className={styles.list}>
        {found.map((segment) => (
          <Row key={segment.id} video={video} segment={segment} />
        ))}
      </ol>
      {more && task && (
        <p className="dim">
          The first {found.length.toLocaleString()}; all of them are <Link href={`/videos/${video.id}?task=${task.id}&tab=segments`}>beside the video</Link>.
        </p>
      )}
    </section>
  );
}

function Row({ video, segment }: { readonly video: Video; readonly segment: Segment }) {
  const player = usePlayer();
  const { start_time: start, end_time: end, type, text, confidence, fields } = segment;
  return (
    <li className={styles.row}>
      <TimeButton start={start} end={end} frameRate={video.frame_rate} onSeek={(seconds) => player.seek(seconds)} />
      <span className={styles.type}>
        <i style={{ background: `var(${typeColor(type)})` }} />
        {type}
      </span>
      <span className={styles.words}>
        {text}
        {Object.entries(fields ?? {}).map(([name, value]) => (
          <span key={name} className={styles.field}>
            {name} <b>{String(value)}</b>
          </span>
        ))}
      </span>
      {confidence !== null && <span className="dim">{percent(confidence)}</span>}
    </li>
  );
}

function emptyWords(task: Try['task']): string {
  if (!task) return 'What is found stands here. Say what each kind shows as you would to somebody who only sees the picture.';
  if (isRunning(task)) return 'Nothing found yet.';
  return task.status === 'ready' ? 'None of these was found in the range. Describe what is to be seen, or try another range.' : 'Nothing was found.';
}
