// Deleting with a way back: the videos vanish at once, and are deleted when the time to undo it has passed.
import { queryClient } from '../api/query-client';
import type { Video } from '../api/resources';
import { deleteVideo, videoKey, videosKey } from '../api/videos';
import { showFailure, showToast } from '../shell/toasts';
import { createStore, useStore } from '../store/store';

const UNDO_SECONDS = 6;

const leaving = createStore<ReadonlySet<string>>(new Set());

/** Videos that are about to be deleted. */
export const useLeaving = (): ReadonlySet<string> => useStore(leaving);

export function deleteLater(videos: readonly Video[]): void {
  const ids = videos.map(({ id }) => id);
  leaving.set((before) => new Set([...before, ...ids]));
  const timer = setTimeout(() => void deleteNow(ids), UNDO_SECONDS * 1000);
  const undo = (): void => {
    clearTimeout(timer);
    keep(ids);
  };
  const [only] = videos;
  const what = videos.length === 1 && only ? only.name : `${videos.length} videos`;
  showToast({ text: `Deleted ${what} with all that was found in it.`, seconds: UNDO_SECONDS, action: { label: 'Undo', run: undo } });
}

/** When the page is left there is no way back any more. */
export function flushDeletions(): void {
  for (const id of leaving.get()) void deleteVideo(id, true).catch(() => undefined);
}

async function deleteNow(ids: readonly string[]): Promise<void> {
  for (const id of ids) await deleteVideo(id).catch(showFailure);
  await Promise.all([videosKey, videoKey].map((queryKey) => queryClient.invalidateQueries({ queryKey })));
  keep(ids);
}

const keep = (ids: readonly string[]): void => leaving.set((before) => new Set([...before].filter((id) => !ids.includes(id))));
