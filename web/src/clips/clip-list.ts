// The clip list of this browser: stretches of videos in the order in which they are to be seen.
import { newKey } from '../store/key';
import { createKeptStore, useStore } from '../store/store';

export interface Clip {
  readonly key: string;
  readonly videoId: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const clips = createKeptStore<readonly Clip[]>('clips', []);

export const useClips = (): readonly Clip[] => useStore(clips);

export const addClip = (clip: Omit<Clip, 'key'>): void => clips.set((known) => [...known, { ...clip, key: newKey() }]);

/** Returns how to have it back where it was. */
export function removeClip(key: string): () => void {
  const at = clips.get().findIndex((clip) => clip.key === key);
  const removed = clips.get().slice(at, at + 1);
  clips.set((known) => known.filter((clip) => clip.key !== key));
  return () => clips.set((known) => [...known.slice(0, at), ...removed, ...known.slice(at)]);
}

export const clearClips = (): void => clips.set([]);

export const replaceClips = (next: readonly Omit<Clip, 'key'>[]): void => clips.set(next.map((clip) => ({ ...clip, key: newKey() })));

/** Moves one to the place of another. */
export function moveClip(key: string, to: number): void {
  clips.set((known) => {
    const moving = known.find((clip) => clip.key === key);
    if (!moving) return known;
    const rest = known.filter((clip) => clip.key !== key);
    const place = Math.max(0, Math.min(rest.length, to));
    return [...rest.slice(0, place), moving, ...rest.slice(place)];
  });
}
