// Puts the edges of an answer right: they are dragged as those of the selection, and kept with the answer.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { giveFeedback, useFeedback } from '../api/feedback';
import type { Moment, Video } from '../api/resources';
import { showFailure, showToast } from '../shell/toasts';
import { formatTime } from '../time/time-format';
import { useTimeUnit } from '../time/time-unit';
import { clearSelection, rangeOf, select, useSelection } from '../timeline/use-selection';
import styles from './correct-edges.module.css';

interface CorrectEdgesProps {
  readonly video: Video;
  readonly questionId: string;
  readonly moment: Moment;
}

export function CorrectEdges({ video, questionId, moment }: CorrectEdgesProps) {
  const unit = useTimeUnit();
  const [correcting, setCorrecting] = useState(false);
  const known = useFeedback(video.id, questionId, moment.id);
  const range = rangeOf(useSelection());
  const begin = (): void => {
    select({ from: known?.start_time ?? moment.start_time, to: known?.end_time ?? moment.end_time });
    setCorrecting(true);
  };
  const leave = (): void => {
    setCorrecting(false);
    clearSelection();
  };
  const keep = async (): Promise<void> => {
    if (!range) return;
    await giveFeedback(video.id, { question_id: questionId, moment_id: moment.id, verdict: 'right', start_time: range.start, end_time: Math.min(range.end, video.duration) });
    showToast({ text: 'Kept as corrected.' });
    leave();
  };
  if (correcting) {
    return (
      <div className={styles.correcting}>
        <span>Drag the two ends on the timeline, or move them by frame with the arrow keys.</span>
        <Button size="compact-xs" disabled={!range} onClick={() => void keep().catch(showFailure)}>
          Keep
        </Button>
        <Button size="compact-xs" variant="subtle" color="gray" onClick={leave}>
          Leave as it is
        </Button>
      </div>
    );
  }
  return (
    <div className={styles.line}>
      {known && known.start_time !== null && known.end_time !== null && <span>{`Corrected to ${formatTime(known.start_time, unit, video.frame_rate)} – ${formatTime(known.end_time, unit, video.frame_rate)}`}</span>}
      <Button size="compact-xs" variant="subtle" color="gray" onClick={begin}>
        Correct the edges
      </Button>
    </div>
  );
}
