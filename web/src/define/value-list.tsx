// The only values that a field may have, as a list to add to.
import { useRef, useState } from 'react';
import { CloseIcon } from '../shell/icons';
import styles from './value-list.module.css';

interface ValueListProps {
  readonly label: string;
  readonly values: readonly string[];
  readonly fault: string | undefined;
  readonly onChange: (values: readonly string[]) => void;
}

export function ValueList({ label, values, fault, onChange }: ValueListProps) {
  const [text, setText] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const add = (): void => {
    const value = text.trim();
    if (value !== '' && !values.includes(value)) onChange([...values, value]);
    setText('');
  };
  const remove = (value: string): void => {
    onChange(values.filter((other) => other !== value));
    input.current?.focus();
  };
  return (
    <div className={styles.box} role="group" aria-label={label}>
      {values.map((value) => (
        <span key={value} className={styles.value}>
          {value}
          <button type="button" className={styles.remove} aria-label={`Remove ${value}`} onClick={() => remove(value)}>
            <CloseIcon />
          </button>
        </span>
      ))}
      <input
        ref={input}
        className={styles.input}
        aria-label={`${label}: add`}
        aria-invalid={fault !== undefined || undefined}
        placeholder={values.length === 0 ? 'any; or add the only ones, each with Enter' : 'one more'}
        maxLength={100}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={add}
        onKeyDown={(event) => {
          const last = values.at(-1);
          if (event.ctrlKey || event.metaKey) {
            if (event.key === 'Enter' || event.key === 's') add(); // what is tried or saved holds it too
          } else if (event.key === 'Enter') {
            event.preventDefault();
            add();
          } else if (event.key === 'Backspace' && text === '' && last !== undefined) remove(last);
        }}
      />
      {fault !== undefined && <span className={styles.fault}>{fault}</span>}
    </div>
  );
}
