// The address of the page is its state: what is shown can be linked to, and the way back leads back.
import { useMemo, useSyncExternalStore } from 'react';

export interface Address {
  readonly path: string;
  readonly query: URLSearchParams;
}

const CHANGED = 'addresschange';
/** Browsers refuse to be told of more than about a hundred addresses in ten seconds: so many at once, and then one this often. */
const MOST_AT_ONCE = 10;
const WRITE_EVERY_MS = 250;

/** Of this view, but not yet in the browser's own bar. */
let waiting: string | undefined;
let writing: ReturnType<typeof setTimeout> | undefined;
let atOnce = MOST_AT_ONCE;
let countedAt = 0;

/** Path and query of what is shown. */
export const shownAddress = (): string => waiting ?? location.pathname + location.search;

/** What somebody else opens to see the same, changed so. */
export const linkWith = (change: QueryChange): string => location.origin + addressWith(shownPath(), shownQuery(), change);

const shownQuery = (): URLSearchParams => new URLSearchParams(shownAddress().split('?')[1]);
const shownPath = (): string => shownAddress().split('?')[0] ?? '';

/** What changes in an address; null takes a value away. */
export type QueryChange = Readonly<Record<string, string | number | null | undefined>>;

export function navigate(to: string, { replace = false }: { replace?: boolean } = {}): void {
  if (to === shownAddress()) return;
  if (replace) writeSoon(to);
  else {
    writeWaiting();
    history.pushState(null, '', to);
  }
  window.dispatchEvent(new Event(CHANGED));
}

/** At once, unless many were written just now. */
function writeSoon(to: string): void {
  waiting = to;
  atOnce = Math.min(MOST_AT_ONCE, atOnce + (performance.now() - countedAt) / WRITE_EVERY_MS);
  countedAt = performance.now();
  if (atOnce >= 1) {
    atOnce -= 1;
    return writeWaiting();
  }
  writing ??= setTimeout(writeWaiting, WRITE_EVERY_MS);
  window.addEventListener('pagehide', writeWaiting, { once: true });
}

function writeWaiting(): void {
  const to = waiting;
  forgetWaiting();
  if (to !== undefined) history.replaceState(null, '', to);
}

function forgetWaiting(): void {
  clearTimeout(writing);
  writing = undefined;
  waiting = undefined;
}

/** Of an in/out point or a filter: the view stays, its address changes. */
export function changeQuery(change: QueryChange, { replace = true }: { replace?: boolean } = {}): void {
  navigate(addressWith(shownPath(), shownQuery(), change), { replace });
}

export function addressWith(path: string, query: URLSearchParams, change: QueryChange): string {
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(change)) {
    if (value === null || value === undefined || value === '') next.delete(name);
    else next.set(name, String(value));
  }
  const text = next.toString();
  return text === '' ? path : `${path}?${text}`;
}

function subscribe(listener: () => void): () => void {
  const back = (): void => {
    forgetWaiting();
    listener();
  };
  window.addEventListener('popstate', back);
  window.addEventListener(CHANGED, listener);
  return () => {
    window.removeEventListener('popstate', back);
    window.removeEventListener(CHANGED, listener);
  };
}

export function useAddress(): Address {
  const shown = useSyncExternalStore(subscribe, shownAddress);
  return useMemo(() => ({ path: shownPath(), query: shownQuery() }), [shown]);
}

/** One value of the query; '' where there is none. */
export const useQueryValue = (name: string): string => useSyncExternalStore(subscribe, () => shownQuery().get(name) ?? '');

/** The same as a number; undefined where there is none. */
export function useQueryNumber(name: string): number | undefined {
  const text = useQueryValue(name);
  const value = Number(text);
  return text !== '' && Number.isFinite(value) ? value : undefined;
}
