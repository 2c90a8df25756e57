// The sprites of a video, asked for again while its scan still makes them.
import { useQuery } from '@tanstack/react-query';
import { spritesText } from '../api/scans';
import { parseSprites, type SpriteTile } from './sprites-vtt';

const REFRESH_MS = 4000;
/** The last picture stands for the rest of its second. */
const NEARLY_SECONDS = 2;
const NONE: readonly SpriteTile[] = [];

export function useSprites(videoId: string, duration: number, enabled = true): readonly SpriteTile[] {
  const isWhole = (tiles: readonly SpriteTile[] | undefined): boolean => (tiles?.at(-1)?.end ?? 0) >= duration - NEARLY_SECONDS;
  const { data } = useQuery({
    queryKey: ['sprites', videoId],
    queryFn: async ({ signal }) => parseSprites(await spritesText(videoId, signal)),
    enabled,
    staleTime: Infinity,
    refetchInterval: ({ state }) => (isWhole(state.data) || state.dataUpdateCount > 50 ? false : REFRESH_MS),
  });
  return data ?? NONE;
}
