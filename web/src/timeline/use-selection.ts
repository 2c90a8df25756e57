// The selected range: from its in point to its out point, in the address.
import { changeQuery, useQueryNumber } from '../address/address';

export interface Selection {
  readonly from: number | undefined;
  readonly to: number | undefined;
}

export const useSelection = (): Selection => ({ from: useQueryNumber('from'), to: useQueryNumber('to') });

const place = (seconds: number | undefined): string | null => (seconds === undefined ? null : seconds.toFixed(3).replace(/\.?0+$/, ''));

export const select = ({ from, to }: Selection): void => changeQuery({ from: place(from), to: place(to) });

export const clearSelection = (): void => select({ from: undefined, to: undefined });

/** Both ends, in order; undefined while one is missing. */
export function rangeOf({ from, to }: Selection): { readonly start: number; readonly end: number } | undefined {
  return from !== undefined && to !== undefined && to > from ? { start: from, end: to } : undefined;
}
