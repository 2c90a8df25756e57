// The card of a model: what it is, how it is asked, what it was measured to do.
import type { Model } from '../api/resources';
import styles from './model-card.module.css';

const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 2 });

export function ModelCard({ model: { id, hash, parameters, limitation, window_seconds: window, fps, calibrated, figures } }: { readonly model: Model }) {
  return (
    <article className={styles.card} aria-label={id}>
      <strong>{id}</strong>
      <span className="mono dim">
        {hash} · {compact.format(parameters)} parameters
      </span>
      {limitation !== null && <p className={styles.limitation}>{limitation}</p>}
      <dl className={styles.facts}>
        <div>
          <dt>Looks at</dt>
          <dd>{window === null ? 'windows as configured' : `windows of ${window} s`}{fps !== null && `, ${fps} frames a second`}</dd>
        </div>
        <div>
          <dt>How sure it says to be</dt>
          <dd>{calibrated ? 'fitted on questions with known answers' : 'as the model says, not fitted'}</dd>
        </div>
      </dl>
      {figures.length > 0 ? (
        <table className={styles.figures}>
          <caption>Measured</caption>
          <tbody>
            {figures.map(({ name, value, of }) => (
              <tr key={`${name} ${of}`}>
                <th scope="row">
                  {name}
                  <span className="dim">{of}</span>
                </th>
                <td>{value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        <p className="dim">Its folder names no figures (secondsight.json). Measure it on data like yours: npx secondsight eval</p>
      )}
    </article>
  );
}
