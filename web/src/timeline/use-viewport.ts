// Which part of the video the timeline shows; kept in the address once it rests. Only what draws it follows it, not the whole view.
import { useEffect, useMemo } from 'react';
import { changeQuery, useQueryValue } from '../address/address';
import { createStore, type Store } from '../store/store';
import { clampExtent, type Extent } from './scale';

const REST_MS = 400;

export type ChangeExtent = (change: (before: Extent) => Extent) => void;

export interface Viewport {
  readonly extent: Store<Extent>;
  readonly change: ChangeExtent;
}

export function useViewport(duration: number): Viewport {
  const kept = useQueryValue('v');
  const viewport = useMemo((): Viewport => {
    const extent = createStore(extentOf(kept, duration));
    return { extent, change: (next) => extent.set((before) => clampExtent(next(before), duration)) };
    // the address is read once; from then on it follows
  }, [duration]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const keep = (): void => {
      const { start, end } = viewport.extent.get();
      changeQuery({ v: end - start >= duration - 1e-6 ? null : `${start.toFixed(2)}-${end.toFixed(2)}` });
    };
    const leave = viewport.extent.subscribe(() => {
      clearTimeout(timer);
      timer = setTimeout(keep, REST_MS);
    });
    return () => {
      leave();
      clearTimeout(timer);
    };
  }, [viewport, duration]);
  return viewport;
}

function extentOf(text: string, duration: number): Extent {
  const [start, end] = text.split('-').map(Number);
  const given = start !== undefined && end !== undefined && end > start;
  return given ? clampExtent({ start, end }, duration) : { start: 0, end: duration };
}
