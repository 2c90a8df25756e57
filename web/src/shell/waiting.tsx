// A view that is on its way: said at once to whoever hears it, drawn only where it takes a while.
import styles from './waiting.module.css';

export const Waiting = () => (
  <div className={styles.waiting} role="status" aria-busy="true">
    <span className="hidden">Loading</span>
  </div>
);
