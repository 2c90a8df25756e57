// What can be done with the selected range.
import { Button } from '@mantine/core';
import { addClip } from '../clips/clip-list';
import { usePlayer } from '../player/use-player';
import { useKeys } from '../shell/keys';
import { showToast } from '../shell/toasts';
import { formatTime, spokenLength } from '../time/time-format';
import { useTimeUnit } from '../time/time-unit';
import type { Extent } from '../timeline/scale';
import { clearSelection, markIn, markOut, rangeOf, useSelection } from '../timeline/use-selection';
import type { Video } from '../api/resources';
import type { ChangeExtent } from '../timeline/use-viewport';
import styles from './selection-bar.module.css';

export function SelectionBar({ video, onExtent }: { readonly video: Video; readonly onExtent: ChangeExtent }) {
  const player = usePlayer();
  const unit = useTimeUnit();
  const selection = useSelection();
  const range = rangeOf(selection);
  const add = (): void => {
    if (!range) return;
    addClip({ videoId: video.id, ...range, text: '' });
    showToast({ text: 'Added to the clip list.' });
  };
  useKeys({
    i: () => markIn(player.seconds, selection),
    o: () => markOut(player.seconds, selection),
    c: add,
    Escape: clearSelection,
  });
  if (!range) return null;
  const closer = (): void => onExtent((): Extent => ({ start: range.start - (range.end - range.start) * 0.2, end: range.end + (range.end - range.start) * 0.2 }));
  return (
    <div className={styles.bar} role="group" aria-label="Selection">
      <strong>{`${formatTime(range.start, unit, video.frame_rate)} – ${formatTime(range.end, unit, video.frame_rate)}`}</strong>
      <span className="dim">{spokenLength(range.end - range.start)}</span>
      <Button size="compact-xs" variant="default" onClick={() => player.playRange(range.start, range.end)}>
        Play
      </Button>
      <Button size="compact-xs" variant="default" onClick={closer}>
        Zoom
      </Button>
      <Button size="compact-xs" variant="default" onClick={add}>
        Add to clip list
      </Button>
      <Button size="compact-xs" variant="subtle" color="gray" onClick={clearSelection}>
        Clear
      </Button>
    </div>
  );
}
