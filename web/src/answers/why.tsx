// Why an answer is believed: the frames seen; the windows, the scores and the model for whoever runs the service.
import type { MomentWindow, RejectedMoment } from '../api/resources';
import type { SpriteTile } from '../sprites/sprites-vtt';
import { clock } from '../time/time-format';
import { decimal } from '../numbers/decimal';
import { FramesStrip } from './frames-strip';
import { percent } from './percent';
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
          <span>{`The model looked at ${clock(window.start_time)} – ${clock(window.end_time)}`}</span>
          <FramesStrip videoId={videoId} window={window} tiles={tiles} />
        </div>
      ))}
      <dl className={styles.scores}>
        {evidence.verification !== null && <Score name="Sure that it happens" value={percent(evidence.verification)} />}
        {scores && <Score name="Sure of the times" value={percent(scores.grounding)} />}
      </dl>
      {scores && <p className={styles.note}>How sure the answer is was calibrated on known answers over both, how much was searched, and whether a description of those seconds says the same: it need not lie between them.</p>}
      <Technical evidence={evidence} scores={scores} />
    </div>
  );
}

function Technical({ evidence, scores }: WhyProps['moment']) {
  return (
    <details className={styles.technical}>
      <summary>Technical</summary>
      <dl className={styles.scores}>
        {evidence.windows.map((window) => (
          <Score key={window.ordinal} name={`Window ${clock(window.start_time)} – ${clock(window.end_time)}`} value={windowWords(window)} />
        ))}
        {scores && <Score name="Described so before" value={scores.described === null ? 'not looked at' : scores.described ? 'yes' : 'no'} />}
        {scores?.searched != null && <Score name="The best of" value={scores.searched === 1 ? 'one window' : `${scores.searched} windows`} />}
        <Score name="Model" value={evidence.model.name} />
        <Score name="Prompt" value={evidence.windows[0]?.prompt_hash.slice(0, 8) ?? ''} />
      </dl>
    </details>
  );
}

function windowWords({ effective_fps, frames, second_per_grid_ts, seen }: MomentWindow): string {
  const kept = seen === 'disk' || seen === 'memory' ? ', kept from before' : '';
  return `${decimal(effective_fps, 2)} fps${frames === null ? '' : `, ${frames} frames`}, ${decimal(second_per_grid_ts, 3)} s a group${kept}`;
}

const Score = ({ name, value }: { readonly name: string; readonly value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
);
