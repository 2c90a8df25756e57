// What to know before believing the answers of the models that run.
import { useModels } from '../api/operation';
import styles from './limitation.module.css';

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
