// The clip list: put in order, played as a reel, handed over.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link } from '../address/link';
import { useKeys } from '../shell/keys';
import { spokenLength } from '../time/time-format';
import { ClipExportMenu } from './clip-export-menu';
import { clearClips, useClips, replaceClips } from './clip-list';
import { ClipRow } from './clip-row';
import styles from './clips-view.module.css';
import { CutList } from './cut-list';
import { GoneClips } from './gone-clips';
import { Reel } from './reel';
import { useGone } from './use-gone';
import { showToast } from '../shell/toasts';

export default function ClipsView() {
  const clips = useClips();
  const [{ at, take }, setCue] = useState({ at: 0, take: 0 });
  const [playing, setPlaying] = useState(false);
  const isGone = useGone(clips);
  const reel = clips.filter((clip) => !isGone(clip));
  const current = reel[Math.min(at, reel.length - 1)];
  useKeys({ ' ': () => setPlaying(!playing), k: () => setPlaying(false), l: () => setPlaying(true) });
  if (clips.length === 0) {
    return (
      <div className={styles.empty}>
        <h2>No clips yet</h2>
        <p>
          Open a <Link href="/">video</Link>, ask when something happens, and press <b>Clip</b> beside an answer; or select a range<span className="keys"> and press <kbd>C</kbd></span><span className="touch"> and add it</span>.
        </p>
        <CutList />
      </div>
    );
  }
  const cue = (index: number): void => setCue({ at: index, take: take + 1 });
  const playAt = (index: number): void => {
    cue(index);
    setPlaying(true);
  };
  const next = (): void => {
    const isLast = at + 1 >= reel.length;
    cue(isLast ? 0 : at + 1);
    if (isLast) setPlaying(false);
  };
  const clear = (): void => {
    clearClips();
    showToast({ text: 'The clip list is empty.', action: { label: 'Undo', run: () => replaceClips(clips) }, seconds: 6 });
  };
  const total = reel.reduce((sum, { start, end }) => sum + end - start, 0);
  return (
    <div className={styles.view}>
      <section className={styles.stage} aria-label="Reel">
        {current && <Reel clip={current} take={take} playing={playing} onPlaying={setPlaying} onEnd={next} />}
        <div className={styles.bar}>
          <Button size="compact-md" disabled={!current} onClick={() => (playing ? setPlaying(false) : setPlaying(true))}>
            {playing ? 'Pause' : 'Play the reel'}
          </Button>
          <span className="dim">
            Clip {Math.min(at + 1, reel.length)} of {reel.length} · {spokenLength(total)} in all
          </span>
        </div>
      </section>
      <section className={styles.side} aria-label="Clips">
        <div className={styles.bar}>
          <ClipExportMenu clips={reel} />
          <Button size="compact-xs" variant="subtle" color="gray" onClick={clear}>
            Clear
          </Button>
        </div>
        <GoneClips clips={clips.filter(isGone)} />
        <ol className={styles.list}>
          {clips.map((clip, index) => (
            <ClipRow key={clip.key} clip={clip} index={index} isLast={index === clips.length - 1} current={clip.key === current?.key} isGone={isGone(clip)} onPlay={isGone(clip) ? undefined : () => playAt(reel.indexOf(clip))} />
          ))}
        </ol>
        <CutList />
      </section>
    </div>
  );
}
