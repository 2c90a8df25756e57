// Which part of the video the timeline shows; kept in the address once it rests.
import { useCallback, useEffect, useState } from 'react';
import { changeQuery, useQueryValue } from '../address/address';
import { clampExtent, type Extent } from './scale';

const REST_MS = 400;

export type ChangeExtent = (change: (before: Extent) => Extent) => void;

export function useExtent(duration: number): readonly [Extent, ChangeExtent] {
  const kept = useQueryValue('v');
  const [extent, setExtent] = useState<Extent>(() => extentOf(kept, duration));
  useEffect(() => {
    const whole = extent.end - extent.start >= duration - 1e-6;
    const timer = setTimeout(() => changeQuery({ v: whole ? null : `${extent.start.toFixed(2)}-${extent.end.toFixed(2)}` }), REST_MS);
    return () => clearTimeout(timer);
  }, [extent, duration]);
  const change = useCallback<ChangeExtent>((next) => setExtent((before) => clampExtent(next(before), duration)), [duration]);
  return [extent, change];
}

function extentOf(text: string, duration: number): Extent {
  const [start, end] = text.split('-').map(Number);
  const given = start !== undefined && end !== undefined && end > start;
  return given ? clampExtent({ start, end }, duration) : { start: 0, end: duration };
}
