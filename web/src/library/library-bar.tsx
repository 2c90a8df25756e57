// Filter, order and form of the library; or, while videos are selected, what to do with them.
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { changeQuery } from '../address/address';
import { AddVideosButton } from '../uploads/add-videos-button';
import { countBy, type LibraryEntry, type LibraryFilter, SORTS, STATES } from './library-filter';
import styles from './library-bar.module.css';

const NAMES: Readonly<Record<(typeof STATES)[number], string>> = { all: 'All', ready: 'Ready', working: 'Working', failed: 'Failed', canceled: 'Canceled', new: 'Not analysed' };

interface LibraryBarProps {
  readonly entries: readonly LibraryEntry[];
  readonly filter: LibraryFilter;
  readonly form: 'grid' | 'table';
}

export function LibraryBar({ entries, filter, form }: LibraryBarProps) {
  const state = filter.state === '' ? 'all' : filter.state;
  const shown = STATES.filter((name) => name === 'all' || name === state || countBy(entries, name) > 0);
  return (
    <div className={styles.bar}>
      <div className={styles.group} role="group" aria-label="State">
        {shown.map((name) => (
          <button key={name} type="button" className={styles.chip} aria-pressed={state === name} onClick={() => changeQuery({ state: name === 'all' ? null : name })}>
            {NAMES[name]} {countBy(entries, name)}
          </button>
        ))}
      </div>
      <TextInput className={styles.find ?? ''} size="xs" placeholder="Filter by name" aria-label="Filter by name" value={filter.find} onChange={(event) => changeQuery({ find: event.currentTarget.value })} />
      <span className={styles.space} />
      <NativeSelect size="xs" aria-label="Order" value={filter.sort === '' ? 'newest' : filter.sort} data={[...SORTS]} onChange={(event) => changeQuery({ sort: event.currentTarget.value })} />
      <div className={styles.group} role="group" aria-label="Form">
        {(['grid', 'table'] as const).map((name) => (
          <button key={name} type="button" className={styles.chip} aria-pressed={form === name} onClick={() => changeQuery({ view: name === 'grid' ? null : name })}>
            {name === 'grid' ? 'Grid' : 'Table'}
          </button>
        ))}
      </div>
      <AddVideosButton />
    </div>
  );
}

interface SelectionBarProps {
  readonly selected: number;
  readonly onAnalyse: () => void;
  readonly onDelete: () => void;
  readonly onAll: () => void;
  readonly onNone: () => void;
}

export function SelectionBar({ selected, onAnalyse, onDelete, onAll, onNone }: SelectionBarProps) {
  return (
    <div className={styles.bar} role="group" aria-label="Selected videos">
      <strong>{selected} selected</strong>
      <Button size="compact-sm" variant="default" onClick={onAll}>
        Select all
      </Button>
      <Button size="compact-sm" variant="default" onClick={onNone}>
        Clear
      </Button>
      <span className={styles.space} />
      <Button size="compact-sm" variant="default" onClick={onAnalyse}>
        Analyse again
      </Button>
      <Button size="compact-sm" color="red" variant="light" onClick={onDelete}>
        Delete
      </Button>
    </div>
  );
}
