// The player of the video that is shown.
import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import type { Player, PlayerState } from './player';

export const PlayerContext = createContext<Player | undefined>(undefined);

export function usePlayer(): Player {
  const player = useContext(PlayerContext);
  if (!player) throw new Error('usePlayer is for parts of a video view.');
  return player;
}

export function usePlayerState(): PlayerState {
  const player = usePlayer();
  return useSyncExternalStore(player.onState, () => player.current);
}

/** `read` of the current second; the component is drawn again only when that changes. */
export function useAtTime<T>(read: (seconds: number) => T): T {
  const player = usePlayer();
  return useSyncExternalStore(player.onTime, () => read(player.seconds));
}

/** Calls `draw` with each new second, without drawing the component again. */
export function useEachTime(draw: (seconds: number) => void): void {
  const player = usePlayer();
  const [latest] = useState(() => ({ draw }));
  latest.draw = draw;
  useEffect(() => {
    latest.draw(player.seconds);
    return player.onTime((seconds) => latest.draw(seconds));
  }, [player, latest]);
}
