// The player of a video that a view shows: it begins where the address says, and the address follows it.
import { waitedFor } from '../api/connection';
import { framesAround } from '../api/frames';
import { useEffect, useMemo } from 'react';
import { changeQuery, useQueryNumber } from '../address/address';
import type { Video } from '../api/resources';
import { Player } from '../player/player';
import { ASSUMED_RATE } from '../time/time-format';

export function useVideoPlayer(video: Video): Player {
  const player = useMemo(() => new Player({ duration: video.duration, frameRate: video.frame_rate ?? ASSUMED_RATE, startTime: video.start_time }, (seconds) => framesAround(video.id, seconds), waitedFor), [video]);
  useStartTime(player);
  return player;
}

/** A link to a moment opens at its frame; where the reader rests is in the address. */
function useStartTime(player: Player): void {
  const start = useQueryNumber('t');
  useEffect(() => {
    if (start !== undefined) player.seek(start);
    // the address follows the player from here on, not the other way round
  }, [player]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const stop = player.onTime((seconds) => {
      clearTimeout(timer);
      if (!player.current.playing) timer = setTimeout(() => changeQuery({ t: Number(seconds.toFixed(3)) }), 300);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [player]);
}
