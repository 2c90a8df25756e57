// What hands do in the page, a frame at a time, and how long each frame takes.
import type { Page } from 'playwright-core';

export interface Motion {
  /** Milliseconds from each frame to the next. */
  readonly intervals: number[];
  /** Frames in which a row in sight had not come yet. */
  readonly blank?: number;
}

/** What is used of the browser, where the functions below run. */
declare const requestAnimationFrame: (draw: (time: number) => void) => number;
declare const WheelEvent: new (type: string, init: object) => object;
declare const PointerEvent: new (type: string, init: object) => object;

interface PageElement {
  scrollTop: number;
  readonly clientHeight: number;
  querySelectorAll(selector: string): Iterable<PageElement>;
  getAttribute(name: string): string | null;
  getBoundingClientRect(): { readonly left: number; readonly top: number; readonly width: number };
  dispatchEvent(event: object): boolean;
}

/** Down and up as a hand on a wheel does, 40 pixels a frame; a list that is at its end turns round. */
export const scrollList = (page: Page): Promise<Motion> =>
  page.getByRole('region', { name: 'Segments' }).evaluate((element: unknown) => {
    const [scroller, rowHeight, frames] = [element as PageElement, 48, 600];
    return new Promise<Motion>((done) => {
      const intervals: number[] = [];
      let [blank, last, step] = [0, 0, 40];
      const draw = (time: number): void => {
        if (last > 0) intervals.push(time - last);
        last = time;
        const before = scroller.scrollTop;
        scroller.scrollTop += step;
        if (scroller.scrollTop === before) step = -step;
        const shown = new Set([...scroller.querySelectorAll('li')].map((row) => Number(/^\d+/.exec(row.getAttribute('aria-label') ?? '')?.[0])));
        const end = Math.floor((scroller.scrollTop + scroller.clientHeight - 1) / rowHeight);
        for (let row = Math.floor(scroller.scrollTop / rowHeight); row <= end; row++) {
          if (shown.has(row + 1)) continue;
          blank++;
          break;
        }
        if (intervals.length < frames) requestAnimationFrame(draw);
        else done({ intervals, blank });
      };
      requestAnimationFrame(draw);
    });
  });

/** Sideways and closer, and back again, as a hand on a wheel does, with the pointer under way over the lanes. */
export const moveTimeline = (page: Page): Promise<Motion> =>
  page.getByRole('region', { name: 'Timeline' }).locator('canvas').nth(1).evaluate((element: unknown) => {
    const [canvas, frames] = [element as PageElement, 600];
    return new Promise<Motion>((done) => {
      const intervals: number[] = [];
      const { left, top, width } = canvas.getBoundingClientRect();
      let last = 0;
      const draw = (time: number): void => {
        if (last > 0) intervals.push(time - last);
        last = time;
        const turn = intervals.length % 300 < 150 ? 1 : -1;
        const wheel = intervals.length % 3 === 0 ? { deltaX: 0, deltaY: -12 * turn } : { deltaX: 25 * turn, deltaY: 0 };
        canvas.dispatchEvent(new WheelEvent('wheel', { ...wheel, clientX: left + width / 2, clientY: top + 10, bubbles: true, cancelable: true }));
        canvas.dispatchEvent(new PointerEvent('pointermove', { pointerType: 'mouse', clientX: left + ((intervals.length * 7) % width), clientY: top + 10, bubbles: true }));
        if (intervals.length < frames) requestAnimationFrame(draw);
        else done({ intervals });
      };
      requestAnimationFrame(draw);
    });
  });
