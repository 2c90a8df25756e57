// The clip list beside a video.
import { Button } from '@mantine/core';
import { Link } from '../address/link';
import { usePlayer } from '../player/use-player';
import { select } from '../timeline/use-selection';
import { type Clip, useClips } from './clip-list';
import { ClipExportMenu } from './clip-export-menu';
import { ClipRow } from './clip-row';
import styles from './clips-panel.module.css';
import { CutList } from './cut-list';
import { GoneClips } from './gone-clips';
import { useGone } from './use-gone';

export function ClipsPanel({ videoId }: { readonly videoId: string }) {
  const player = usePlayer();
  const clips = useClips();
  const isGone = useGone(clips);
  const go = ({ start, end }: Clip): void => {
    select({ from: start, to: end });
    player.seek(start);
  };
  if (clips.length === 0) {
    return (
      <p className={styles.hint}>
        Collect moments here: the <b>Clip</b> button of an answer, or <span className="keys"><kbd>C</kbd> for the selection</span><span className="touch">“Add to clip list” of a selection</span>. Then put them in order, play them as a reel, and hand them over as EDL.
      </p>
    );
  }
  return (
    <div className={styles.panel}>
      <div className={styles.actions}>
        <Button size="compact-xs" variant="default" component={Link} href="/clips">
          Play as a reel
        </Button>
        <ClipExportMenu clips={clips.filter((clip) => !isGone(clip))} />
      </div>
      <GoneClips clips={clips.filter(isGone)} />
      <ol className={styles.list}>
        {clips.map((clip, index) => (
          <ClipRow key={clip.key} clip={clip} index={index} isLast={index === clips.length - 1} isGone={isGone(clip)} onGo={clip.videoId === videoId ? () => go(clip) : undefined} />
        ))}
      </ol>
      <CutList />
    </div>
  );
}
