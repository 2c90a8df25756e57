// The last day of a key, in the reader's own time.
import { TextInput } from '@mantine/core';

interface ExpiryInputProps {
  /** `2026-12-31`; '' for a key that never ends. */
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function ExpiryInput({ value, onChange }: ExpiryInputProps) {
  return <TextInput type="date" size="xs" label="Last day (empty: never ends)" min={dayOf(new Date())} max="9999-12-31" value={value} onChange={(event) => onChange(event.currentTarget.value)} />;
}

/** The instant at which a day ends here; null without one. */
export function endOfDay(day: string): string | null {
  const end = new Date(`${day}T23:59:59.999`);
  return Number.isNaN(end.getTime()) ? null : end.toISOString();
}

/** The day of an instant here. */
export function dayOf(at: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
