// "Not in this video", as an answer: with the closest that was rejected, and a way to see it anyway.
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Moments, Video } from '../api/resources';
import { askVideo } from '../ask/ask';
import { usePlayer } from '../player/use-player';
import type { SpriteTile } from '../sprites/sprites-vtt';
import { TimeButton } from '../time/time-button';
import { Judge } from './judge';
import { nearMiss } from './near-miss';
import styles from './not-in-video.module.css';
import { percent } from './percent';
import { Why } from './why';

interface NotInVideoProps {
  readonly video: Video;
  readonly moments: Moments;
  readonly tiles: readonly SpriteTile[];
}

export function NotInVideo({ video, moments, tiles }: NotInVideoProps) {
  const player = usePlayer();
  const [open, setOpen] = useState(false);
  const { query, best_rejected: rejected, searched, start_time, end_time } = moments;
  const near = nearMiss(moments);
  const part = start_time > 0 || end_time < video.duration;
  return (
    <article className={styles.none} aria-label="Answer">
      <p>
        <strong>Not in {part ? 'the selection' : 'this video'}:</strong> “{query}”.
      </p>
      {searched && (
        <p>
          {searched.windows_total} window{searched.windows_total === 1 ? '' : 's'} looked at by {searched.model.name}.
        </p>
      )}
      {rejected && !near && <p>Nothing came near.</p>}
      {near && (
        <p>
          Closest was <TimeButton start={near.start_time} end={near.end_time} frameRate={video.frame_rate} onSeek={(seconds) => player.seek(seconds)} /> at{' '}
          {percent(near.confidence)} sure
          {searched?.threshold != null && `, below the ${percent(searched.threshold)} that an answer needs`}.
        </p>
      )}
      <div className={styles.actions}>
        {rejected && (
          <Button size="compact-xs" variant="subtle" color="gray" aria-expanded={open} onClick={() => setOpen(!open)}>
            Why
          </Button>
        )}
        <Button size="compact-xs" variant="subtle" color="gray" onClick={() => void askVideo(video.id, query, { allow_none: false, ...(part && { start_time, end_time }) })}>
          Answer anyway
        </Button>
        <span className={styles.space} />
        <Judge videoId={video.id} questionId={moments.id} momentId={null} />
      </div>
      {open && rejected && <Why videoId={video.id} moment={rejected} tiles={tiles} />}
    </article>
  );
}
