// `[` and `]` go to the segment before and after, whichever panel is open; of those that the filter lets through.
import { segmentPage, useOutline } from '../api/segments';
import type { Player } from '../player/player';
import { useKeys } from '../shell/keys';
import { showFailure } from '../shell/toasts';
import { startBeside } from './place';
import { useSegmentQuery } from './segment-query';

export function useSegmentKeys(player: Player, videoId: string, taskId: string | undefined): void {
  const query = useSegmentQuery(videoId, taskId);
  const { data: outline } = useOutline(query);
  const go = async (by: -1 | 1): Promise<void> => {
    if (!outline) return;
    const start = await startBeside(outline, (number) => segmentPage(query, outline, number), player.seconds, by);
    if (start !== undefined) player.seek(start);
  };
  useKeys({ '[': () => void go(-1).catch(showFailure), ']': () => void go(1).catch(showFailure) });
}
