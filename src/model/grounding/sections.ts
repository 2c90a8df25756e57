// Cuts a video into sections: the unit of its scan and of the window plan, known from its length alone.

/** Seconds of the video; start and end are whole seconds, except the end of the last. */
export interface Section {
  readonly ordinal: number;
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/** The first sections are short, so that the first results are there soon; the last value repeats. */
const LENGTHS = [30, 60, 120, 240]; // seconds

/** A rest shorter than this joins the section before it. */
const LEAST_SECONDS = 10;

/**
 * Sections that cover the video without gap or overlap.
 *
 * @example planSections(95) // 0-30, 30-95: the rest of 5 s is no section of its own
 */
export function planSections(durationSeconds: number): Section[] {
  const sections: Section[] = [];
  for (let start = 0; start < durationSeconds; ) {
    const length = LENGTHS[Math.min(sections.length, LENGTHS.length - 1)] ?? 0;
    const end = durationSeconds - (start + length) < LEAST_SECONDS ? durationSeconds : start + length;
    sections.push({ ordinal: sections.length, startSeconds: start, endSeconds: end });
    start = end;
  }
  return sections;
}
