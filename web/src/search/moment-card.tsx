// A moment of some video: its picture, its time, how sure; opens the video at its frame.
import { ActionIcon } from '@mantine/core';
import { addressWith, type QueryChange } from '../address/address';
import { Link } from '../address/link';
import { thumbnailAddress } from '../api/videos';
import type { Video } from '../api/resources';
import { percent } from '../answers/percent';
import { addClip } from '../clips/clip-list';
import { AddIcon } from '../shell/icons';
import { showToast } from '../shell/toasts';
import { formatTime } from '../time/time-format';
import { useTimeUnit } from '../time/time-unit';
import styles from './moment-card.module.css';

interface MomentCardProps {
  readonly videoId: string;
  /** Undefined until the library is known. */
  readonly video: Video | undefined;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly confidence: number | null;
  /** What the address of the moment says besides its time. */
  readonly address: QueryChange;
}

export function MomentCard({ videoId, video, start, end, text, confidence, address }: MomentCardProps) {
  const unit = useTimeUnit();
  const rate = video?.frame_rate ?? null;
  const time = `${formatTime(start, unit, rate)} – ${formatTime(end, unit, rate)}`;
  const picture = Math.min((start + end) / 2, (video?.duration ?? Infinity) - 0.1);
  return (
    <article className={styles.card}>
      <Link href={addressWith(`/videos/${videoId}`, new URLSearchParams(), { t: start, ...address })} className={styles.link}>
        <img className={styles.picture} src={thumbnailAddress(videoId, Math.max(0, picture), 400)} alt="" loading="lazy" />
        <span className={styles.time}>{time}</span>
        {confidence !== null && (
          <span className={styles.sure}>
            <span style={{ width: `${confidence * 100}%` }} />
          </span>
        )}
        <span className={styles.name}>{video?.name ?? '…'}</span>
      </Link>
      <div className={styles.foot}>
        <span className="dim">{confidence === null ? '' : `${percent(confidence)} sure`}</span>
        <ActionIcon
          size={28}
          variant="subtle"
          color="gray"
          aria-label={`Add ${time} to the clip list`}
          onClick={() => {
            addClip({ videoId, start, end, text });
            showToast({ text: 'Added to the clip list.' });
          }}
        >
          <AddIcon />
        </ActionIcon>
      </div>
    </article>
  );
}
