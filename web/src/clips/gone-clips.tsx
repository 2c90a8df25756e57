// Says that some clips are of deleted videos, and takes them out of the list.
import { Button } from '@mantine/core';
import { type Clip, removeClip } from './clip-list';
import styles from './gone-clips.module.css';

export function GoneClips({ clips }: { readonly clips: readonly Clip[] }) {
  if (clips.length === 0) return null;
  const one = clips.length === 1;
  return (
    <div className={styles.notice} role="status">
      <span>{one ? 'The video of one clip was deleted: that clip is left out' : `The videos of ${clips.length} clips were deleted: those clips are left out`} of the reel and of exports.</span>
      <Button size="compact-xs" variant="default" onClick={() => clips.forEach(({ key }) => removeClip(key))}>
        {one ? 'Remove it' : 'Remove them'}
      </Button>
    </div>
  );
}
