// Says whether an answer is right; both marks are kept by the service.
import { ActionIcon } from '@mantine/core';
import { giveFeedback, useFeedback } from '../api/feedback';
import { DownIcon, UpIcon } from '../shell/icons';
import { showFailure } from '../shell/toasts';

interface JudgeProps {
  readonly videoId: string;
  readonly questionId: string;
  /** Null: the answer is that it is not in the video. */
  readonly momentId: string | null;
}

export function Judge({ videoId, questionId, momentId }: JudgeProps) {
  const verdict = useFeedback(videoId, questionId, momentId)?.verdict;
  const judge = (next: 'right' | 'wrong'): void => void giveFeedback(videoId, { question_id: questionId, moment_id: momentId, verdict: next }).catch(showFailure);
  return (
    <span role="group" aria-label="Is it right">
      <ActionIcon size={28} variant={verdict === 'right' ? 'light' : 'subtle'} color={verdict === 'right' ? 'amber' : 'gray'} aria-label="Right" aria-pressed={verdict === 'right'} onClick={() => judge('right')}>
        <UpIcon />
      </ActionIcon>
      <ActionIcon size={28} variant={verdict === 'wrong' ? 'light' : 'subtle'} color={verdict === 'wrong' ? 'amber' : 'gray'} aria-label="Wrong" aria-pressed={verdict === 'wrong'} onClick={() => judge('wrong')}>
        <DownIcon />
      </ActionIcon>
    </span>
  );
}
