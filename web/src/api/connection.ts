// Whether the service is reached: lost with the first request that fails on the way, and back when it says that it lives.
import { createStore, useStore } from '../store/store';

const ASK_MS = 2000;

const lost = createStore(false);
let back: Promise<void> | undefined;

export const useIsLost = (): boolean => useStore(lost);

/** Resolves when the service is reached again. */
export function whenBack(): Promise<void> {
  lost.set(true);
  back ??= askUntilBack().finally(() => (back = undefined));
  return back;
}

/** For what breaks off also where the service lives, such as a stream that a proxy ends. */
export async function checkConnection(): Promise<void> {
  if (!(await lives())) void whenBack();
}

/** Whether what failed to load from an address failed on the way; then only when the service is reached again. */
export async function waitedFor(address: string): Promise<boolean> {
  const isReached = await fetch(address, { headers: { Range: 'bytes=0-0' } }).then(() => true, () => false);
  if (isReached && !lost.get()) return false;
  await whenBack();
  return true;
}

async function askUntilBack(): Promise<void> {
  do await new Promise((resolve) => setTimeout(resolve, ASK_MS));
  while (!(await lives()));
  lost.set(false);
}

const lives = (): Promise<boolean> => fetch('/health/live').then(({ ok }) => ok, () => false);
