// The address of the page is its state: what is shown can be linked to, and the way back leads back.
import { useMemo, useSyncExternalStore } from 'react';

export interface Address {
  readonly path: string;
  readonly query: URLSearchParams;
}

const CHANGED = 'addresschange';

/** What changes in an address; null takes a value away. */
export type QueryChange = Readonly<Record<string, string | number | null | undefined>>;

export function navigate(to: string, { replace = false }: { replace?: boolean } = {}): void {
  if (to === location.pathname + location.search) return;
  if (replace) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  window.dispatchEvent(new Event(CHANGED));
}

/** Of an in/out point or a filter: the view stays, its address changes. */
export function changeQuery(change: QueryChange, { replace = true }: { replace?: boolean } = {}): void {
  navigate(addressWith(location.pathname, new URLSearchParams(location.search), change), { replace });
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
  window.addEventListener('popstate', listener);
  window.addEventListener(CHANGED, listener);
  return () => {
    window.removeEventListener('popstate', listener);
    window.removeEventListener(CHANGED, listener);
  };
}

export function useAddress(): Address {
  const path = useSyncExternalStore(subscribe, () => location.pathname);
  const search = useSyncExternalStore(subscribe, () => location.search);
  return useMemo(() => ({ path, query: new URLSearchParams(search) }), [path, search]);
}

/** One value of the query; '' where there is none. */
export const useQueryValue = (name: string): string => useSyncExternalStore(subscribe, () => new URLSearchParams(location.search).get(name) ?? '');

/** The same as a number; undefined where there is none. */
export function useQueryNumber(name: string): number | undefined {
  const text = useQueryValue(name);
  const value = Number(text);
  return text !== '' && Number.isFinite(value) ? value : undefined;
}
