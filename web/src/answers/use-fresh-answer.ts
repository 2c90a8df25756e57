// When a question that was just asked is answered, the picture goes to the best answer: once, and then where its reader wants.
import { useEffect } from 'react';
import { changeQuery } from '../address/address';
import { useMoments } from '../api/moments';
import { takeAwaited } from '../ask/ask';
import { usePlayer } from '../player/use-player';

export function useFreshAnswer(videoId: string, questionId: string): void {
  const player = usePlayer();
  const { data } = useMoments(videoId, questionId);
  const best = data?.data[0];
  useEffect(() => {
    if (!best || !takeAwaited(questionId)) return;
    player.seek(best.start_time);
    changeQuery({ a: best.id });
  }, [questionId, best, player]);
}
