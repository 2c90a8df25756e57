// The list of all keys, on `?`.
import { Modal } from '@mantine/core';
import { createStore, useStore } from '../store/store';
import { KEYS, useKeys } from './keys';
import styles from './key-help.module.css';

const shown = createStore(false);

export const openKeyHelp = (): void => shown.set(true);

export function KeyHelp() {
  const opened = useStore(shown);
  useKeys({ '?': openKeyHelp });
  return (
    <Modal opened={opened} onClose={() => shown.set(false)} title="Keys" size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
      <div className={styles.groups}>
        {KEYS.map(({ name, keys }) => (
          <section key={name}>
            <h2>{name}</h2>
            <dl className={styles.list}>
              {keys.map(([key, does]) => (
                <div key={key}>
                  <dt>
                    {key.split(' ').map((one) => (
                      <kbd key={one}>{one}</kbd>
                    ))}
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
