// One small chart of the last minutes to days: lines on a time axis, what they are now, and the same as a table.
import { useElementSize } from '@mantine/hooks';
import { useState } from 'react';
import styles from './chart.module.css';
import { gapsOf, linePaths, niceTop, timeTicks } from './chart-lines';

export interface ChartLine {
  readonly name: string;
  /** Custom property of the page. */
  readonly color: string;
  readonly values: readonly (number | null)[];
}

interface ChartProps {
  readonly title: string;
  readonly unit: string;
  /** Milliseconds since 1970 at which the first step begins. */
  readonly startMs: number;
  readonly stepMs: number;
  readonly lines: readonly ChartLine[];
}

const HEIGHT = 120;
const DASHES = ['', '6 3', '2 3'] as const;

const number = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 3, notation: 'compact' });

export function Chart({ title, unit, startMs, stepMs, lines }: ChartProps) {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const [hovered, setHovered] = useState<number>();
  const count = lines[0]?.values.length ?? 0;
  const top = niceTop(lines);
  const xOf = (step: number): number => ((step + 0.5) / Math.max(1, count)) * width;
  const yOf = (value: number): number => HEIGHT - (value / top) * (HEIGHT - 6);
  const shown = hovered ?? latestStep(lines);
  const span = count * stepMs;
  return (
    <figure className={styles.chart} aria-label={title}>
      <figcaption className={styles.head}>
        <h2>{title}</h2>
        <span className="dim">{unit}</span>
      </figcaption>
      <div className={styles.legend}>
        {lines.map(({ name, color, values }, index) => (
          <span key={name} className={styles.key}>
            <svg width="18" height="8" aria-hidden="true">
              <line x1="0" x2="18" y1="4" y2="4" stroke={`var(${color})`} strokeWidth="2.5" strokeDasharray={DASHES[index % 3]} />
            </svg>
            {name} <b>{written(shown === undefined ? null : (values[shown] ?? null))}</b>
          </span>
        ))}
        <span className={styles.at}>{hovered === undefined ? '' : timeOf(startMs + hovered * stepMs, span)}</span>
      </div>
      <div className={styles.plot}>
        <div className={styles.scale} aria-hidden="true">
          {[top, top / 2, 0].map((value) => (
            <span key={value}>{number.format(value)}</span>
          ))}
        </div>
        <div
          ref={ref}
          className={styles.area}
          style={{ height: HEIGHT }}
          onPointerMove={({ clientX, currentTarget }) => {
            const { left, width: wide } = currentTarget.getBoundingClientRect();
            setHovered(Math.min(count - 1, Math.max(0, Math.floor(((clientX - left) / wide) * count))));
          }}
          onPointerLeave={() => setHovered(undefined)}
        >
          <svg width={width} height={HEIGHT} role="img" aria-label={spoken(title, unit, lines)}>
            {gapsOf(lines).map(([from, to]) => (
              <rect key={from} className={styles.gap} x={xOf(from - 0.5)} y={0} width={Math.max(1, xOf(to - 0.5) - xOf(from - 0.5))} height={HEIGHT} />
            ))}
            {[0.5, 6, HEIGHT / 2].map((y, index) => (
              <line key={y} className={styles.grid} x1={0} x2={width} y1={index === 0 ? HEIGHT - 0.5 : y} y2={index === 0 ? HEIGHT - 0.5 : y} />
            ))}
            {lines.flatMap(({ name, color, values }, index) =>
              linePaths(values, xOf, yOf).map((path) => <path key={`${name} ${path}`} d={path} fill="none" stroke={`var(${color})`} strokeWidth={1.8} strokeDasharray={DASHES[index % 3]} strokeLinejoin="round" strokeLinecap="round" />),
            )}
            {hovered !== undefined && <line className={styles.cursor} x1={xOf(hovered)} x2={xOf(hovered)} y1={0} y2={HEIGHT} />}
          </svg>
        </div>
        <div className={styles.times} aria-hidden="true">
          {timeTicks(startMs, span).map(({ ms, share }) => (
            <span key={ms} style={{ left: `${share * 100}%` }}>
              {timeOf(ms, span)}
            </span>
          ))}
        </div>
      </div>
      <AsTable title={title} unit={unit} startMs={startMs} stepMs={stepMs} lines={lines} />
    </figure>
  );
}

/** For whoever does not see the lines, and whoever wants the numbers; made when it is opened. */
function AsTable({ title, unit, startMs, stepMs, lines }: ChartProps) {
  const [opened, setOpened] = useState(false);
  const steps = (lines[0]?.values ?? []).map((_value, step) => step).reverse();
  return (
    <details className={styles.more} onToggle={(event) => setOpened(event.currentTarget.open)}>
      <summary>As a table</summary>
      {opened && (
        <div className={styles.scroller} tabIndex={0} role="region" aria-label={`${title} as a table`}>
          <table>
            <thead>
              <tr>
                <th scope="col">From</th>
                {lines.map(({ name }) => (
                  <th key={name} scope="col">
                    {name}, {unit}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {steps.map((step) => (
                <tr key={step}>
                  <th scope="row">{new Date(startMs + step * stepMs).toLocaleString()}</th>
                  {lines.map(({ name, values }) => (
                    <td key={name}>{written(values[step] ?? null)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}

const written = (value: number | null): string => (value === null ? '–' : number.format(value));

/** The last step of which anything is known. */
function latestStep(lines: readonly ChartLine[]): number | undefined {
  for (let step = (lines[0]?.values.length ?? 0) - 1; step >= 0; step--) if (lines.some(({ values }) => values[step] != null)) return step;
  return undefined;
}

function spoken(title: string, unit: string, lines: readonly ChartLine[]): string {
  const step = latestStep(lines);
  const each = lines.map(({ name, values }) => `${name} ${written(step === undefined ? null : (values[step] ?? null))}, at most ${written(Math.max(0, ...values.map((value) => value ?? 0)))}`);
  return `${title}, ${unit}: ${each.join('; ')}`;
}

const DAY_MS = 86_400_000;

function timeOf(ms: number, span: number): string {
  const options: Intl.DateTimeFormatOptions = span > 2 * DAY_MS ? { weekday: 'short', hour: '2-digit', minute: '2-digit' } : { hour: '2-digit', minute: '2-digit' };
  return new Date(ms).toLocaleString(undefined, options);
}
