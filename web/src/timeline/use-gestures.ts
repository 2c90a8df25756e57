// What the pointer does on the lanes: a click seeks, a drag selects, the wheel zooms, sideways it moves.
import { type PointerEvent, type RefObject, useEffect, useRef } from 'react';
import { type Extent, moved, toSeconds, zoomed } from './scale';
import { select } from './use-selection';
import type { ChangeExtent } from './use-viewport';

interface Gestures {
  readonly box: RefObject<HTMLElement | null>;
  readonly extent: Extent;
  readonly duration: number;
  readonly change: ChangeExtent;
  readonly onSeek: (seconds: number) => void;
}

/** A pointer that moves less than this between down and up was a click. */
const CLICK_PIXELS = 4;
const ZOOM_PER_PIXEL = 0.0022;

export function useGestures({ box, extent, duration, change, onSeek }: Gestures) {
  const began = useRef<{ x: number; seconds: number; drags: boolean } | undefined>(undefined);

  const secondsAt = (clientX: number): number => {
    const { left, width } = box.current?.getBoundingClientRect() ?? { left: 0, width: 1 };
    return Math.min(duration, Math.max(0, toSeconds(clientX - left, extent, width)));
  };

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const wheel = (event: WheelEvent): void => {
      event.preventDefault();
      const { left, width } = element.getBoundingClientRect();
      const sideways = event.shiftKey ? event.deltaY : Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : 0;
      change((now) => {
        if (sideways !== 0) return moved(now, (sideways / width) * (now.end - now.start), duration);
        return zoomed(now, Math.exp(event.deltaY * ZOOM_PER_PIXEL), toSeconds(event.clientX - left, now, width), duration);
      });
    };
    // a passive listener could not keep the page from scrolling
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, [box, change, duration]);

  return {
    secondsAt,
    onPointerDown: (event: PointerEvent<HTMLElement>): void => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      began.current = { x: event.clientX, seconds: secondsAt(event.clientX), drags: false };
    },
    onPointerMove: (event: PointerEvent<HTMLElement>): void => {
      const start = began.current;
      if (!start) return;
      if (Math.abs(event.clientX - start.x) >= CLICK_PIXELS) start.drags = true;
      if (!start.drags) return;
      const at = secondsAt(event.clientX);
      select({ from: Math.min(start.seconds, at), to: Math.max(start.seconds, at) });
    },
    onPointerUp: (event: PointerEvent<HTMLElement>): void => {
      if (began.current && !began.current.drags) onSeek(secondsAt(event.clientX));
      began.current = undefined;
    },
    onPointerCancel: (): void => void (began.current = undefined),
  };
}
