// How sure a moment has to be before anybody is told of it.
import styles from './least-sure.module.css';

interface LeastSureProps {
  /** 0 to 1. */
  readonly value: number;
  readonly onChange: (value: number) => void;
}

export function LeastSure({ value, onChange }: LeastSureProps) {
  return (
    <label className={styles.label}>
      <span>{value === 0 ? 'Any confidence' : `At least ${Math.round(value * 100)} % sure`}</span>
      <input type="range" min={0} max={1} step={0.05} value={value} onChange={(event) => onChange(Number(event.target.value))} />
    </label>
  );
}
