// What the API found wrong with the fields of a form, each at its field until that is changed.
import { ApiProblem, type FieldFault } from '../api/problem';
import { createStore, useStore } from '../store/store';

const faults = createStore<readonly FieldFault[]>([]);

/** What is wrong at a path; with `inside` also below it. */
export function useFault(path: string, { inside = false }: { inside?: boolean } = {}): string | undefined {
  return useStore(faults).find((fault) => fault.path === path || (inside && fault.path.startsWith(`${path}.`)))?.message;
}

export const clearFaults = (path = ''): void => faults.set((known) => (known.some((fault) => fault.path.startsWith(path)) ? known.filter((fault) => !fault.path.startsWith(path)) : known));

/** Shows each fault at its field and goes to the first; false where the failure is not about a field. */
export function showFaults(error: unknown): boolean {
  return showFaultsAt(error instanceof ApiProblem ? error.faults : []);
}

export function showFaultsAt(found: readonly FieldFault[]): boolean {
  faults.set(found);
  requestAnimationFrame(() => requestAnimationFrame(() => document.querySelector<HTMLElement>('#definitions [aria-invalid="true"], #definitions [data-fault]')?.focus()));
  return found.length > 0;
}
