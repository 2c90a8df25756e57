// Tries the kinds on the range; looks for them in the whole video when they are good.
import { Button } from '@mantine/core';
import { navigate } from '../address/address';
import { cancelAnalysis, isRunning } from '../api/tasks';
import type { Task, Video } from '../api/resources';
import { showFailure } from '../shell/toasts';
import { formatTime } from '../time/time-format';
import { useTimeUnit } from '../time/time-unit';
import { definitionsOf, type Draft } from './draft';
import { useCommandKey } from './use-command-key';
import { analyseWhole, startTry, type TimeRange } from './use-try';

interface TryBarProps {
  readonly video: Video;
  readonly draft: Draft;
  readonly range: TimeRange;
  readonly task: Task | undefined;
}

export function TryBar({ video, draft, range, task }: TryBarProps) {
  const unit = useTimeUnit();
  const running = task !== undefined && isRunning(task);
  const start = (): void => void (running || startTry(video, draft, range).catch(showFailure));
  useCommandKey('Enter', start);
  const place = `${formatTime(range.start, unit, video.frame_rate)} – ${formatTime(range.end, unit, video.frame_rate)}`;
  const isTried = task?.status === 'ready' && JSON.stringify(task.segment_definitions) === JSON.stringify(definitionsOf(draft));
  return (
    <>
      {running && task ? (
        <Button size="compact-sm" variant="default" onClick={() => void cancelAnalysis(task.id).catch(showFailure)}>
          Cancel
        </Button>
      ) : (
        <Button size="compact-sm" onClick={start} title="Ctrl Enter">
          Try on {place}
        </Button>
      )}
      <Button size="compact-sm" variant="default" disabled={!isTried} title={isTried ? undefined : 'Try them on a range first'} onClick={() => void analyseWhole(video, draft).then(({ id }) => navigate(`/videos/${video.id}?task=${id}&tab=segments`), showFailure)}>
        Analyse the whole video
      </Button>
    </>
  );
}
