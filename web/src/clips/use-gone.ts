// Which clips are of a video that was deleted.
import { useQueries } from '@tanstack/react-query';
import { isVideoGone } from '../api/problem';
import { videoQuery } from '../api/videos';
import type { Clip } from './clip-list';

export function useGone(clips: readonly Clip[]): (clip: Clip) => boolean {
  const ids = [...new Set(clips.map(({ videoId }) => videoId))];
  const answers = useQueries({ queries: ids.map((id) => videoQuery(id)) });
  const gone = new Set(ids.filter((_id, index) => isVideoGone(answers[index]?.error)));
  return ({ videoId }) => gone.has(videoId);
}
