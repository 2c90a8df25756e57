// Short messages at the edge of the page, each with at most one thing to do about it.
import { ApiProblem, remedyOf } from '../api/problem';
import { createStore, useStore } from '../store/store';

export interface Toast {
  readonly text: string;
  readonly tone?: 'plain' | 'lost';
  readonly action?: { readonly label: string; readonly run: () => void };
  readonly seconds?: number;
}

export interface ShownToast extends Toast {
  readonly id: number;
}

const SECONDS = 4;
const toasts = createStore<readonly ShownToast[]>([]);
let lastId = 0;

export const useToasts = (): readonly ShownToast[] => useStore(toasts);

export const closeToast = (id: number): void => toasts.set((shown) => shown.filter((toast) => toast.id !== id));

/** Returns the id by which it can be closed before its time. */
export function showToast(toast: Toast): number {
  const id = ++lastId;
  toasts.set((shown) => [...shown.slice(-3), { ...toast, id }]);
  setTimeout(() => closeToast(id), (toast.seconds ?? SECONDS) * 1000);
  return id;
}

export function showFailure(error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  showToast({ text: error instanceof ApiProblem ? `${text} ${remedyOf(error)}` : text, tone: 'lost', seconds: 8 });
}
