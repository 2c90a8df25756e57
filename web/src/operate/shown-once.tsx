// A secret that is shown this once, to be copied.
import { Button, CopyButton } from '@mantine/core';
import styles from './shown-once.module.css';

interface ShownOnceProps {
  readonly name: string;
  readonly secret: string;
  readonly onDone: () => void;
}

export function ShownOnce({ name, secret, onDone }: ShownOnceProps) {
  return (
    <div className={styles.box} role="status" aria-label={name}>
      <span>{name}: copy it now, it is not shown again.</span>
      <code className={styles.secret}>{secret}</code>
      <span className={styles.actions}>
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Button size="compact-sm" onClick={copy}>
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
        <Button size="compact-sm" variant="default" onClick={onDone}>
          Done
        </Button>
      </span>
    </div>
  );
}
