// Says that the service is away, for as long as it is; what is shown is read anew when it is back.
import { useEffect } from 'react';
import { useIsLost, whenBack } from '../api/connection';
import { queryClient } from '../api/query-client';
import styles from './connection-banner.module.css';

export function ConnectionBanner() {
  const isLost = useIsLost();
  useEffect(() => {
    if (isLost) void whenBack().then(() => queryClient.invalidateQueries());
  }, [isLost]);
  return (
    <div className={styles.place} role="status">
      {isLost && <p className={styles.banner}>The connection to the service is lost. What is shown may be old; the page goes on by itself when it is back.</p>}
    </div>
  );
}
