// The answers about a video: the question that is asked, and those before it.
import { changeQuery, useQueryValue } from '../address/address';
import { useIsLost } from '../api/connection';
import type { Video } from '../api/resources';
import { takeAwaited, useQuestionsOf, useSending } from '../ask/ask';
import { Limitation } from '../analysis/limitation';
import type { SpriteTile } from '../sprites/sprites-vtt';
import styles from './answers-panel.module.css';
import { QuestionAnswers } from './question-answers';
import { useFreshAnswer } from './use-fresh-answer';

interface AnswersPanelProps {
  readonly video: Video;
  readonly tiles: readonly SpriteTile[];
}

export function AnswersPanel({ video, tiles }: AnswersPanelProps) {
  const current = useQueryValue('m');
  const chosen = useQueryValue('a');
  const sending = useSending(video.id);
  const isLost = useIsLost();
  const asked = useQuestionsOf(video.id).map(({ id }) => id);
  useFreshAnswer(video.id, current);
  const choose = (question: string, moment: string): void => {
    takeAwaited(question);
    changeQuery({ a: moment, m: question });
  };
  const ids = [...new Set([...(current === '' ? [] : [current]), ...asked])];
  return (
    <div className={styles.panel}>
      {sending.map((sent, index) => (
        <div key={index} className={styles.sending} role="status">
          {isLost ? 'Not asked yet, the service is away: it is asked when that is back.' : 'Asking'} “{sent.query}”
        </div>
      ))}
      {ids.map((id) => (
        <QuestionAnswers key={id} video={video} id={id} tiles={tiles} chosen={chosen} onChoose={(moment) => choose(id, moment)} />
      ))}
      {ids.length === 0 && sending.length === 0 && (
        <div className={styles.hint}>
          <p>
            <span className="keys">Press <kbd>/</kbd> and ask</span><span className="touch">Ask</span> when something happens. The answer is a time range with the frames it rests on, or that it is not in this video.
          </p>
          <p>
            Drag on the timeline<span className="keys">, or press <kbd>I</kbd> and <kbd>O</kbd>,</span><span className="touch">, or press In and Out below the picture,</span> to ask about a part.
          </p>
        </div>
      )}
      <Limitation />
    </div>
  );
}
