// One kind of segment: its name, what it shows, what to note of each.
import { Button, Textarea, TextInput } from '@mantine/core';
import { typeColor } from '../timeline/type-colors';
import { type DraftField, type DraftKind, newField } from './draft';
import { FieldRow } from './field-row';
import { useFault } from './faults';
import styles from './kind-card.module.css';

interface KindCardProps {
  readonly path: string;
  readonly kind: DraftKind;
  readonly place: string;
  /** How many of it the last try found. */
  readonly found: number | undefined;
  readonly onChange: (kind: DraftKind) => void;
  /** Undefined for the only one. */
  readonly onRemove: (() => void) | undefined;
}

const MOST_FIELDS = 16;

export function KindCard({ path, kind, place, found, onChange, onRemove }: KindCardProps) {
  const { name, description, fields } = kind;
  const called = name === '' ? place : name;
  const changeField = (at: number, field: DraftField): void => onChange({ ...kind, fields: fields.map((other, index) => (index === at ? field : other)) });
  const fieldsFault = useFault(`${path}.fields`);
  return (
    <section className={styles.card} aria-label={place}>
      <div className={styles.head}>
        <span className={styles.dot} style={{ background: `var(${typeColor(name)})` }} />
        <strong>{called}</strong>
        {found !== undefined && <span className="dim">{found === 1 ? '1 found' : `${found.toLocaleString()} found`}</span>}
        {onRemove && (
          <Button size="compact-xs" variant="subtle" color="gray" className={styles.remove ?? ''} aria-label={`Remove ${called}`} onClick={onRemove}>
            Remove
          </Button>
        )}
      </div>
      <TextInput size="xs" label="Name" placeholder="goal" value={name} error={useFault(`${path}.name`)} onChange={(event) => onChange({ ...kind, name: event.currentTarget.value })} />
      <Textarea size="xs" label="What it shows" placeholder="The ball crosses the goal line." rows={2} value={description} error={useFault(`${path}.description`)} onChange={(event) => onChange({ ...kind, description: event.currentTarget.value })} />
      {fields.length > 0 && (
        <ul className={styles.fields} aria-label={`To note of each ${called}`}>
          {fields.map((field, index) => (
            <FieldRow
              key={field.key}
              path={`${path}.fields.${index}`}
              field={field}
              place={`field ${index + 1} of ${called}`}
              onChange={(next) => changeField(index, next)}
              onRemove={() => onChange({ ...kind, fields: fields.filter((other) => other !== field) })}
            />
          ))}
        </ul>
      )}
      {fieldsFault !== undefined && (
        <p className="lost" data-fault tabIndex={-1}>
          {fieldsFault}
        </p>
      )}
      {fields.length < MOST_FIELDS && (
        <Button size="compact-xs" variant="default" onClick={() => onChange({ ...kind, fields: [...fields, newField()] })} aria-label={`Add a field to ${called}`}>
          Add a field
        </Button>
      )}
    </section>
  );
}
