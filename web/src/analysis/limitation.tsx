// What to know before believing the answers of the models that run.
import { useModels } from '../api/operation';
import styles from './limitation.module.css';

/** The warning that says the same of one answer: left out where this stands. */
export const LIMITED = 'model.limited';

export function Limitation() {
  const { data: models = [] } = useModels();
  return models.map(({ id, limitation }) =>
    limitation === null ? null : (
      <p key={id} className={styles.words}>
        {limitation}
      </p>
    ),
  );
}
