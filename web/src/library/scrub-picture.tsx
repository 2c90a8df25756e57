// The picture of a video; moving over it goes through the whole video.
import { type PointerEvent, useState } from 'react';
import { thumbnailAddress } from '../api/videos';
import type { Video } from '../api/resources';
import { isSmall } from '../player/is-small';
import { SpritePicture } from '../sprites/sprite-picture';
import { tileAt } from '../sprites/sprites-vtt';
import { useSprites } from '../sprites/use-sprites';
import { clock } from '../time/time-format';
import styles from './scrub-picture.module.css';

/** A black first frame is no picture of a video. */
const posterTime = (duration: number): number => Math.min(duration * 0.1, 30);

export function ScrubPicture({ video }: { readonly video: Video }) {
  const [share, setShare] = useState<number>();
  const [touched, setTouched] = useState(false);
  const tiles = useSprites(video.id, video.duration, touched);
  const seconds = (share ?? 0) * video.duration;
  const tile = share === undefined ? undefined : tileAt(tiles, seconds);
  const move = ({ currentTarget, clientX, pointerType }: PointerEvent<HTMLDivElement>): void => {
    if (pointerType === 'touch') return;
    const { left, width } = currentTarget.getBoundingClientRect();
    setTouched(true);
    setShare(Math.min(0.9999, Math.max(0, (clientX - left) / width)));
  };
  return (
    <div className={styles.picture} onPointerMove={move} onPointerLeave={() => setShare(undefined)}>
      <img className={styles.poster} data-small={isSmall(video)} src={thumbnailAddress(video.id, posterTime(video.duration))} alt="" loading="lazy" decoding="async" />
      {tile && <SpritePicture className={styles.sprite} videoId={video.id} tile={tile} />}
      {share !== undefined && <div className={styles.needle} style={{ left: `${share * 100}%` }} />}
      <span className={styles.duration}>{share === undefined ? clock(video.duration, 0) : clock(seconds)}</span>
    </div>
  );
}
