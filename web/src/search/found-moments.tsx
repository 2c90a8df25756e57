// The moments that the model found, over several videos, as they come.
import { Button } from '@mantine/core';
import type { Search, Video } from '../api/resources';
import { Limitation } from '../analysis/limitation';
import { MomentCard } from './moment-card';
import styles from './found-moments.module.css';

interface FoundMomentsProps {
  readonly search: Search | undefined;
  readonly query: string;
  /** Every video of the library. */
  readonly videos: ReadonlyMap<string, Video>;
  /** Has more of them looked at. */
  readonly onMore?: () => void;
}

export function FoundMoments({ search, query, videos, onMore }: FoundMomentsProps) {
  const grounded = search?.grounded;
  if (!grounded) return <p className={`work ${styles.state}`} role="status">{search ? 'No video has been analysed yet.' : 'The model looks'}</p>;
  const { moments, videos: asked, status } = grounded;
  const without = asked.filter(({ answer }) => answer === 'not_in_video').length;
  const done = asked.filter(({ answer }) => answer !== null).length;
  return (
    <>
      <p className={styles.state} role="status">
        <span className={status === 'processing' ? 'work' : 'dim'}>
          {done} of {asked.length < videos.size ? `the ${asked.length} likeliest of ${videos.size}` : asked.length} videos looked at{without > 0 && `, not in ${without} of them`}
        </span>
        {onMore && status === 'ready' && asked.length < videos.size && (
          <Button size="compact-xs" variant="default" ml="sm" onClick={onMore}>
            Look at more
          </Button>
        )}
      </p>
      {moments.length > 0 && (
        <ul className={styles.grid}>
          {moments.map((moment) => (
            <li key={moment.id}>
              <MomentCard
                video={videos.get(moment.video_id)}
                videoId={moment.video_id}
                start={moment.start_time}
                end={moment.end_time}
                text={query}
                confidence={moment.confidence}
                address={{ q: query, m: asked.find(({ video_id }) => video_id === moment.video_id)?.moments_id, a: moment.id }}
              />
            </li>
          ))}
        </ul>
      )}
      {status === 'ready' && moments.length === 0 && <p className={styles.none}>In none of the videos that were looked at: “{query}”.</p>}
      <Limitation />
    </>
  );
}
