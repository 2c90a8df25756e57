// Marks the video that was brought in once more, and scrolls to it.
import { useEffect } from 'react';
import { usePointedAt } from '../uploads/uploads';

/** Of whatever shows a video: whether it is that one. */
export function useMark(videoId: string, element: { readonly current: HTMLElement | null }): true | undefined {
  const isMarked = usePointedAt() === videoId;
  useEffect(() => {
    if (isMarked) element.current?.scrollIntoView({ block: 'center', behavior: 'smooth' });
  }, [isMarked, element]);
  return isMarked || undefined;
}
