// What words found in one video.
import { addressWith } from '../address/address';
import { Link } from '../address/link';
import { thumbnailAddress } from '../api/videos';
import type { SearchHit, SearchVideo, Video } from '../api/resources';
import { formatTime } from '../time/time-format';
import { useTimeUnit } from '../time/time-unit';
import { Highlight } from './highlight';
import styles from './hit-group.module.css';

interface HitGroupProps {
  readonly group: SearchVideo;
  readonly query: string;
  readonly video: Video | undefined;
}

export function HitGroup({ group, query, video }: HitGroupProps) {
  const addressOf = (hit?: SearchHit): string => addressWith(`/videos/${group.video_id}`, new URLSearchParams(), { s: query === '' ? undefined : query, t: hit?.start_time });
  return (
    <article className={styles.group}>
      <Link href={addressOf(group.hits[0])} className={styles.picture} aria-label={`Open ${video?.name ?? 'the video'}`}>
        <img src={thumbnailAddress(group.video_id, group.hits[0]?.start_time ?? 0, 320)} alt="" loading="lazy" />
      </Link>
      <div className={styles.words}>
        <h3 className={styles.name}>
          <b>{video?.name ?? '…'}</b> <span className="dim">{group.hits_total} {group.hits_total === 1 ? 'hit' : 'hits'}</span>
        </h3>
        <ul className={styles.hits}>
          {group.hits.map((hit) => (
            <HitLine key={hit.segment_id ?? `${hit.start_time}`} hit={hit} href={addressOf(hit)} rate={video?.frame_rate ?? null} />
          ))}
        </ul>
      </div>
    </article>
  );
}

function HitLine({ hit, href, rate }: { readonly hit: SearchHit; readonly href: string; readonly rate: number | null }) {
  const unit = useTimeUnit();
  return (
    <li>
      <Link href={href} className={styles.hit}>
        <b>{formatTime(hit.start_time, unit, rate)}</b>
        <span>{hit.highlight === null ? (hit.text ?? 'looks alike') : <Highlight html={hit.highlight} />}</span>
      </Link>
    </li>
  );
}
