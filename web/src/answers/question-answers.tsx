// A question with what is known of its answer, as it is found.
import { Button } from '@mantine/core';
import { cancelQuestion, isAnswered, momentsFile, useMoments } from '../api/moments';
import type { Moments, Video } from '../api/resources';
import { LIMITED } from '../analysis/limitation';
import { ExportMenu } from '../exports/export-menu';
import { ProblemNotice } from '../shell/problem-notice';
import { showFailure } from '../shell/toasts';
import type { SpriteTile } from '../sprites/sprites-vtt';
import { clock } from '../time/time-format';
import { AnswerCard } from './answer-card';
import { NotInVideo } from './not-in-video';
import styles from './question-answers.module.css';

interface QuestionAnswersProps {
  readonly video: Video;
  readonly id: string;
  readonly tiles: readonly SpriteTile[];
  readonly chosen: string | undefined;
  readonly onChoose: (id: string) => void;
}

export function QuestionAnswers({ video, id, tiles, chosen, onChoose }: QuestionAnswersProps) {
  const { data, error } = useMoments(video.id, id);
  if (error && !data) return <ProblemNotice error={error} />;
  if (!data) return null;
  return (
    <section className={styles.question} aria-label={data.query}>
      <header className={styles.head}>
        <h3>{data.query}</h3>
        {data.data.length > 0 && <ExportMenu label="Export the answers" hrefOf={(format) => momentsFile(video.id, id, format)} />}
      </header>
      {!isAnswered(data) && <Looking video={video} moments={data} />}
      {data.warnings.filter(({ code }) => code !== LIMITED).map(({ code, message }) => (
        <p key={code + message} className={styles.warning}>
          {message}
        </p>
      ))}
      {data.error && <p className={styles.failed}>{data.error.message}</p>}
      {data.status === 'canceled' && <p className={styles.warning}>Canceled.</p>}
      {data.data.map((moment) => (
        <AnswerCard key={moment.id} video={video} moment={moment} questionId={id} query={data.query} tiles={tiles} chosen={moment.id === chosen} onChoose={() => onChoose(moment.id)} />
      ))}
      {data.answer === 'not_in_video' && <NotInVideo video={video} moments={data} tiles={tiles} />}
      {isAnswered(data) && data.searched_until !== null && data.searched_until < data.end_time - 0.05 && (
        <p className={styles.warning}>Looked at up to {clock(data.searched_until)}; what comes after is not analysed yet.</p>
      )}
    </section>
  );
}

function Looking({ video, moments }: { readonly video: Video; readonly moments: Moments }) {
  return (
    <div className={styles.looking} role="status">
      <span className="work">{moments.status === 'queued' ? 'Waiting for the model' : 'The model looks'}</span>
      <Button size="compact-xs" variant="default" onClick={() => void cancelQuestion(video.id, moments.id).catch(showFailure)}>
        Cancel
      </Button>
    </div>
  );
}
