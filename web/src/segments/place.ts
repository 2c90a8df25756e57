// Where a second of the video is in a long list of segments, of which only some pages are known.
import type { Segment, SegmentOutline } from '../api/resources';

/** A row that began before its rounded time is meant still. */
const ROUNDING_SECONDS = 1e-3;

/** Index of the last of ascending starts that is at a second or before it; -1 before the first. */
function lastStart<T extends { readonly start_time: number }>(rows: readonly T[], seconds: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.start_time ?? 0) <= seconds + ROUNDING_SECONDS) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Number of the page that holds what is shown at a second; 0 before the first. */
export const pageAt = ({ pages }: SegmentOutline, seconds: number): number => Math.max(0, lastStart(pages, seconds));

/** Row of the last segment that began at a second or before it, -1 before the first; the first of its page while that is not known. */
export function rowAt(outline: SegmentOutline, pageRows: number, pageOf: (number: number) => readonly Segment[] | undefined, seconds: number): number {
  const page = pageAt(outline, seconds);
  const rows = pageOf(page);
  return page * pageRows + (rows ? lastStart(rows, seconds) : outline.pages.length === 0 ? -1 : 0);
}

/**
 * Where the next segment begins that does not begin with the one at a second, or the one before that does not; undefined where there is none.
 * Many may begin together, and on several pages.
 */
export async function startBeside(outline: SegmentOutline, pageOf: (number: number) => Promise<readonly Segment[]>, seconds: number, by: -1 | 1): Promise<number | undefined> {
  let now = seconds;
  for (let page = pageAt(outline, seconds); outline.pages[page] !== undefined; page += by) {
    const rows = await pageOf(page);
    if (now === seconds && by < 0) now = rows[lastStart(rows, seconds)]?.start_time ?? seconds;
    const beside = rows.filter(({ start_time: start }) => (by < 0 ? start < now - ROUNDING_SECONDS : start > now + ROUNDING_SECONDS));
    const found = by < 0 ? beside.at(-1) : beside[0];
    if (found) return found.start_time;
  }
  return undefined;
}
