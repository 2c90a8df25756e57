// One field of a kind: what to note of each segment.
import { ActionIcon, NativeSelect, TextInput } from '@mantine/core';
import { CloseIcon } from '../shell/icons';
import type { DraftField, FieldType } from './draft';
import styles from './field-row.module.css';
import { useFault } from './faults';
import { ValueList } from './value-list';

interface FieldRowProps {
  readonly path: string;
  readonly field: DraftField;
  /** For whoever does not see where it stands. */
  readonly place: string;
  readonly onChange: (field: DraftField) => void;
  readonly onRemove: () => void;
}

const TYPES: readonly { value: FieldType; label: string }[] = [
  { value: 'string', label: 'words' },
  { value: 'integer', label: 'whole number' },
  { value: 'number', label: 'number' },
  { value: 'boolean', label: 'yes or no' },
];

export function FieldRow({ path, field, place, onChange, onRemove }: FieldRowProps) {
  const change = (part: Partial<DraftField>): void => onChange({ ...field, ...part });
  const valuesFault = useFault(`${path}.enum`, { inside: true });
  return (
    <li className={styles.row} aria-label={place}>
      <TextInput size="xs" aria-label={`Name of ${place}`} placeholder="team" value={field.name} error={useFault(`${path}.name`)} onChange={(event) => change({ name: event.currentTarget.value })} />
      <NativeSelect size="xs" aria-label={`Type of ${place}`} data={[...TYPES]} value={field.type} error={useFault(`${path}.type`)} onChange={(event) => change({ type: event.currentTarget.value as FieldType })} />
      <ActionIcon size="md" variant="subtle" color="gray" aria-label={`Remove ${place}`} onClick={onRemove}>
        <CloseIcon />
      </ActionIcon>
      <TextInput className={styles.wide ?? ''} size="xs" aria-label={`Description of ${place}`} placeholder="whose players attack" value={field.description} error={useFault(`${path}.description`)} onChange={(event) => change({ description: event.currentTarget.value })} />
      {field.type === 'string' && (
        <div className={styles.wide}>
          <ValueList label={`Values of ${place}`} values={field.values} fault={valuesFault} onChange={(values) => change({ values })} />
        </div>
      )}
    </li>
  );
}
