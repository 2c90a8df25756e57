// Why an answer is believed: the windows looked at, the frames seen, the scores, the model.
import type { MomentWindow, RejectedMoment } from '../api/resources';
import type { SpriteTile } from '../sprites/sprites-vtt';
import { clock } from '../time/time-format';
import { FramesStrip } from './frames-strip';
import styles from './why.module.css';

interface WhyProps {
  readonly videoId: string;
  readonly moment: Pick<RejectedMoment, 'evidence' | 'scores'>;
  readonly tiles: readonly SpriteTile[];
}

export function Why({ videoId, moment: { evidence, scores }, tiles }: WhyProps) {
  return (
    <div className={styles.why}>
      {evidence.windows.map((window) => (
        <div key={window.ordinal} className={styles.window}>
          <span>{windowWords(window)}</span>
          <FramesStrip videoId={videoId} window={window} tiles={tiles} />
        </div>
      ))}
      <dl className={styles.scores}>
        {evidence.verification !== null && <Score name="Asked yes or no" value={`${(evidence.verification * 100).toFixed(0)} % yes`} />}
        {scores && <Score name="Sure of the times" value={`${(scores.grounding * 100).toFixed(0)} %`} />}
        {scores && <Score name="Described so before" value={scores.described === null ? 'not looked at' : scores.described ? 'yes' : 'no'} />}
        {scores?.searched != null && <Score name="The best of" value={scores.searched === 1 ? 'one window' : `${scores.searched} windows`} />}
        <Score name="Model" value={evidence.model.name} />
        <Score name="Prompt" value={evidence.windows[0]?.prompt_hash.slice(0, 8) ?? ''} />
      </dl>
    </div>
  );
}

function windowWords({ start_time, end_time, effective_fps, frames, second_per_grid_ts, seen }: MomentWindow) {
  const kept = seen === 'disk' || seen === 'memory' ? ', kept from before' : '';
  return (
    <>
      Window {clock(start_time)} – {clock(end_time)} at <b>{effective_fps.toFixed(2)} fps</b>
      {frames !== null && `, ${frames} frames`}, {second_per_grid_ts.toFixed(3)} s a group{kept}
    </>
  );
}

const Score = ({ name, value }: { readonly name: string; readonly value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
);
