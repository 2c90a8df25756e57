// A value outside of the tree of components that components can follow; it may outlive the page.
import { useSyncExternalStore } from 'react';

export interface Store<T> {
  readonly get: () => T;
  readonly set: (change: T | ((before: T) => T)) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

export function createStore<T>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(change) {
      const next = typeof change === 'function' ? (change as (before: T) => T)(value) : change;
      if (Object.is(next, value)) return;
      value = next;
      listeners.forEach((listener) => listener());
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Kept in this browser under `key` and the same in all its tabs; what is stored there and cannot be read counts as `initial`. */
export function createKeptStore<T>(key: string, initial: T): Store<T> {
  const store = createStore(readKept(key, initial));
  store.subscribe(() => localStorage.setItem(key, JSON.stringify(store.get())));
  window.addEventListener('storage', (event) => event.key === key && store.set(readKept(key, initial)));
  return store;
}

function readKept<T>(key: string, initial: T): T {
  const text = localStorage.getItem(key);
  if (text === null) return initial;
  try {
    return JSON.parse(text) as T;
  } catch {
    return initial;
  }
}

export const useStore = <T>(store: Store<T>): T => useSyncExternalStore(store.subscribe, store.get);
