// Plays the clips one after the other.
import { useEffect, useMemo, useRef, useState } from 'react';
import { useVideo } from '../api/videos';
import type { Video } from '../api/resources';
import { refusalWords } from '../player/refusal-words';
import { usePlayable } from '../player/use-playable';
import type { Clip } from './clip-list';
import styles from './reel.module.css';

interface ReelProps {
  readonly clip: Clip;
  readonly onEnd: () => void;
  readonly playing: boolean;
  readonly onPlaying: (playing: boolean) => void;
}

export function Reel({ clip, onEnd, playing, onPlaying }: ReelProps) {
  const { data: video } = useVideo(clip.videoId);
  return <div className={styles.stage}>{video && <ReelVideo key={video.id} video={video} clip={clip} onEnd={onEnd} playing={playing} onPlaying={onPlaying} />}</div>;
}

function ReelVideo({ video, clip, onEnd, playing, onPlaying }: ReelProps & { readonly video: Video }) {
  const element = useRef<HTMLVideoElement>(null);
  const [refused, setRefused] = useState(false);
  const playable = usePlayable(video, refused);
  const { src, startTime, isProxy } = playable;
  const [start, end] = useMemo(() => [clip.start + startTime, clip.end + startTime], [clip, startTime]);
  const ends = useRef(onEnd);
  ends.current = onEnd;
  useEffect(() => {
    if (element.current) element.current.currentTime = start + 0.002;
  }, [start, clip.key]);
  useEffect(() => {
    if (playing) void element.current?.play().catch(() => onPlaying(false));
    else element.current?.pause();
  }, [playing, clip.key, onPlaying]);
  return (
    <>
      <video
        ref={element}
        className={styles.video}
        src={src}
        preload="auto"
        playsInline
        onLoadedMetadata={({ currentTarget }) => (currentTarget.videoWidth === 0 ? setRefused(true) : (currentTarget.currentTime = start + 0.002))}
        onError={() => setRefused(true)}
        onTimeUpdate={({ currentTarget }) => currentTarget.currentTime >= end && !currentTarget.paused && ends.current()}
        onEnded={() => ends.current()}
        onClick={() => onPlaying(!playing)}
      />
      {refused && !isProxy && <p className={styles.words} role="status">{refusalWords(video, playable)}</p>}
    </>
  );
}
