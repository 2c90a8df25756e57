// When a question that was just asked is answered, the picture goes to the best answer.
import { useEffect, useRef } from 'react';
import { changeQuery } from '../address/address';
import { useMoments } from '../api/moments';
import { useQuestionsOf } from '../ask/ask';
import { usePlayer } from '../player/use-player';

export function useFreshAnswer(videoId: string, questionId: string): void {
  const player = usePlayer();
  const { data } = useMoments(videoId, questionId);
  const asked = useQuestionsOf(videoId).some(({ id }) => id === questionId);
  const shown = useRef<string>('');
  const best = data?.data[0];
  useEffect(() => {
    if (!asked || !best || shown.current === best.id) return;
    shown.current = best.id;
    player.seek(best.start_time);
    changeQuery({ a: best.id });
  }, [asked, best, player]);
}
