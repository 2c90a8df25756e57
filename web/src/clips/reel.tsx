// Plays the clips one after the other.
import { useEffect, useMemo, useRef, useState } from 'react';
import { useVideo } from '../api/videos';
import type { Video } from '../api/resources';
import { isSmall } from '../player/is-small';
import { refusalWords } from '../player/refusal-words';
import { usePlayable } from '../player/use-playable';
import { ASSUMED_RATE, ROUNDING_SECONDS } from '../time/time-format';
import type { Clip } from './clip-list';
import styles from './reel.module.css';

interface ReelProps {
  readonly clip: Clip;
  /** Another one begins at the start of the clip. */
  readonly take: number;
  readonly onEnd: () => void;
  readonly playing: boolean;
  readonly onPlaying: (playing: boolean) => void;
}

export function Reel(props: ReelProps) {
  const { data: video } = useVideo(props.clip.videoId);
  return <div className={styles.stage}>{video && <ReelVideo key={video.id} video={video} {...props} />}</div>;
}

function ReelVideo({ video, clip, take, onEnd, playing, onPlaying }: ReelProps & { readonly video: Video }) {
  const element = useRef<HTMLVideoElement>(null);
  const [refused, setRefused] = useState(false);
  const playable = usePlayable(video, refused);
  const { src, startTime, isProxy } = playable;
  const [start, end] = useMemo(() => [clip.start + startTime, clip.end + startTime], [clip, startTime]);
  const frame = 1 / (video.frame_rate ?? ASSUMED_RATE);
  const check = useRef<() => void>(() => undefined);
  /** Ends with the last frame inside: the next one would be past the out point. */
  check.current = () => {
    const { currentTime, paused, seeking } = element.current ?? { currentTime: 0, paused: true, seeking: false };
    if (!paused && !seeking && currentTime > end - frame - ROUNDING_SECONDS) onEnd();
  };
  useEffect(() => followPictures(element.current, check), []);
  useEffect(() => {
    if (element.current) element.current.currentTime = start + 0.002;
  }, [start, clip.key, take]);
  useEffect(() => {
    if (playing) void element.current?.play().catch(() => onPlaying(false));
    else element.current?.pause();
  }, [playing, clip.key, onPlaying]);
  return (
    <>
      <video
        ref={element}
        className={styles.video}
        data-small={isSmall(video)}
        src={src}
        preload="auto"
        playsInline
        onLoadedMetadata={({ currentTarget }) => (currentTarget.videoWidth === 0 ? setRefused(true) : (currentTarget.currentTime = start + 0.002))}
        onError={() => setRefused(true)}
        onTimeUpdate={() => check.current()} // of a page that is not in sight: it shows no pictures
        onEnded={onEnd}
        onClick={() => onPlaying(!playing)}
      />
      {refused && !isProxy && <p className={styles.words} role="status">{refusalWords(video, playable)}</p>}
    </>
  );
}

/** Looks at each picture as it is shown; returns how to stop. */
function followPictures(element: HTMLVideoElement | null, look: { readonly current: () => void }): () => void {
  let handle = 0;
  const next = (): void => {
    look.current();
    handle = element?.requestVideoFrameCallback(next) ?? 0;
  };
  handle = element?.requestVideoFrameCallback(next) ?? 0;
  return () => element?.cancelVideoFrameCallback(handle);
}
