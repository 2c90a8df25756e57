// An address that leads nowhere.
import { Link } from '../address/link';
import styles from './problem-notice.module.css';

export function NotFound() {
  return (
    <div className={styles.notice}>
      <strong>There is nothing at this address.</strong>
      <span>
        It may have been mistyped. <Link href="/">Go to the library</Link>
      </span>
    </div>
  );
}
