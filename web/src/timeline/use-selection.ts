// The selected range: from its in point to its out point, in the address.
import { changeQuery, useQueryNumber } from '../address/address';

export interface Selection {
  readonly from: number | undefined;
  readonly to: number | undefined;
}

export const useSelection = (): Selection => ({ from: useQueryNumber('from'), to: useQueryNumber('to') });

const place = (seconds: number | undefined): string | null => (seconds === undefined ? null : seconds.toFixed(3).replace(/\.?0+$/, ''));

export const select = ({ from, to }: Selection): void => changeQuery({ from: place(from), to: place(to) });

/** An end that the new one would leave behind is dropped. */
export const markIn = (seconds: number, { to }: Selection): void => select({ from: seconds, to: to !== undefined && to > seconds ? to : undefined });
export const markOut = (seconds: number, { from }: Selection): void => select({ from: from !== undefined && from < seconds ? from : 0, to: seconds });

export const clearSelection = (): void => select({ from: undefined, to: undefined });

/** Both ends, in order; undefined while one is missing. */
export function rangeOf({ from, to }: Selection): { readonly start: number; readonly end: number } | undefined {
  return from !== undefined && to !== undefined && to > from ? { start: from, end: to } : undefined;
}
