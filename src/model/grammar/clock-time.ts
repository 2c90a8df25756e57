// Times as the model writes them, `mm:ss.ff` (spec 11.1), held between two limits; what follows may depend on the time.
import { type Term, type Terms } from './term.js';

const LOWEST = '00:00.00';
const HIGHEST = '99:59.99';
/** The latest time that can be written, in hundredths of a second. */
export const LAST_HUNDREDTH = hundredthsOf(HIGHEST);

export interface TimeLimits {
  /** In hundredths of a second, both included. */
  readonly least: number;
  readonly most: number;
}

/** What comes after a time; terms with one `key` are followed alike. */
export interface Continuation {
  readonly key: string;
  readonly after: (hundredths: number) => Term;
}

export function clockTime(terms: Terms, limits: TimeLimits, then: Continuation, written = ''): Term {
  if (written.length === LOWEST.length) return then.after(hundredthsOf(written));
  return terms.intern(`time ${limits.least} ${limits.most} ${written} ${then.key}`, () => ({
    isNullable: false,
    get closing() {
      const rest = earliest(written, limits);
      const { bytes, comfort } = then.after(hundredthsOf(written + rest)).closing;
      return { bytes: rest + bytes, comfort: comfort + rest.length }; // the time that is written may take more tokens than this one
    },
    derive: (byte) => {
      const longer = written + String.fromCharCode(byte);
      return canBegin(longer, limits) ? clockTime(terms, limits, then, longer) : undefined;
    },
  }));
}

/** Times of one length sort as their texts do, so a beginning stands for all between its lowest and its highest end. */
function canBegin(written: string, { least, most }: TimeLimits): boolean {
  const [low, high] = [written + LOWEST.slice(written.length), written + HIGHEST.slice(written.length)];
  return /^\d\d:[0-5]\d\.\d\d$/.test(low) && hundredthsOf(high) >= least && hundredthsOf(low) <= most;
}

function earliest(written: string, limits: TimeLimits): string {
  let end = '';
  while (written.length + end.length < LOWEST.length) {
    const next = [...'0123456789:.'].find((character) => canBegin(written + end + character, limits));
    if (next === undefined) throw new Error(`nothing may follow ${written + end}`);
    end += next;
  }
  return end;
}

function hundredthsOf(time: string): number {
  const [minutes, seconds, hundredths] = time.split(/[:.]/).map(Number);
  return (minutes ?? 0) * 6000 + (seconds ?? 0) * 100 + (hundredths ?? 0);
}
