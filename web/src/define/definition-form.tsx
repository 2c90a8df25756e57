// The form of all kinds that are looked for.
import { Button } from '@mantine/core';
import { type Draft, type DraftKind, newKind, setDraft } from './draft';
import { clearFaults, useFault } from './faults';
import { KindCard } from './kind-card';
import styles from './definition-form.module.css';

const MOST_KINDS = 20;

interface DefinitionFormProps {
  readonly draft: Draft;
  /** How many of each kind the last try found; undefined before one. */
  readonly found: ReadonlyMap<string, number> | undefined;
}

export function DefinitionForm({ draft, found }: DefinitionFormProps) {
  const { kinds } = draft;
  const fault = useFault('segment_definitions');
  const set = (next: readonly DraftKind[]): void => setDraft((now) => ({ ...now, kinds: next }));
  const change = (at: number, kind: DraftKind): void => {
    clearFaults(`segment_definitions.${at}`);
    set(kinds.map((other, index) => (index === at ? kind : other)));
  };
  return (
    <div className={styles.form}>
      {kinds.map((kind, index) => (
        <KindCard
          key={kind.key}
          path={`segment_definitions.${index}`}
          kind={kind}
          place={`Kind ${index + 1}`}
          found={found && (found.get(kind.name) ?? 0)}
          onChange={(next) => change(index, next)}
          onRemove={kinds.length === 1 ? undefined : () => { clearFaults(); set(kinds.filter((other) => other !== kind)); }}
        />
      ))}
      {fault !== undefined && (
        <p className="lost" data-fault tabIndex={-1}>
          {fault}
        </p>
      )}
      {kinds.length < MOST_KINDS && (
        <Button size="compact-sm" variant="default" onClick={() => { clearFaults(); set([...kinds, newKind()]); }}>
          Add a kind
        </Button>
      )}
    </div>
  );
}
