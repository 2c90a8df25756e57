// Plays the clips one after the other.
import { useEffect, useMemo, useRef } from 'react';
import { contentAddress, useVideo } from '../api/videos';
import type { Video } from '../api/resources';
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
  const [start, end] = useMemo(() => [clip.start + video.start_time, clip.end + video.start_time], [clip, video]);
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
    <video
      ref={element}
      className={styles.video}
      src={contentAddress(video.id)}
      preload="auto"
      playsInline
      onLoadedMetadata={({ currentTarget }) => (currentTarget.currentTime = start + 0.002)}
      onTimeUpdate={({ currentTarget }) => currentTarget.currentTime >= end && !currentTarget.paused && ends.current()}
      onEnded={() => ends.current()}
      onClick={() => onPlaying(!playing)}
    />
  );
}
