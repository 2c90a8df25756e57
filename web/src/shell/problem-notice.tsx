// A failure as people need it: what happened, what to do, and the code for whoever reads the log.
import { Button } from '@mantine/core';
import { Link } from '../address/link';
import { ApiProblem, isVideoGone, remedyOf } from '../api/problem';
import styles from './problem-notice.module.css';

export function ProblemNotice({ error, onAgain }: { readonly error: unknown; readonly onAgain?: () => void }) {
  const message = error instanceof Error ? error.message : String(error);
  return (
    <div className={styles.notice} role="alert">
      <strong>{message}</strong>
      <span>
        {remedyOf(error)} {isVideoGone(error) && <Link href="/">Go to the library</Link>}
      </span>
      <span className={styles.foot}>
        {error instanceof ApiProblem && <code className="mono">{error.code}</code>}
        {onAgain && (
          <Button size="compact-sm" variant="default" onClick={onAgain}>
            Try again
          </Button>
        )}
      </span>
    </div>
  );
}
