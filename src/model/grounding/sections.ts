// Cuts a video into sections: the unit of its scan and of the window plan, known from its length alone.

/** Seconds of the video; start and end are whole seconds, except the end of the last. */
export interface Section {
  readonly ordinal: number;
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/**
 * The first sections are short, so that the first results are there soon; the last value repeats. All are multiples of the usual step from
 * window to window, 30 s less 6 s of overlap, so that windows of that kind lie as they would without sections.
 */
const LENGTHS = [24, 48, 96, 240]; // seconds

/** A rest shorter than this joins the section before it. */
const LEAST_SECONDS = 10;

/**
 * Sections that cover the video without gap or overlap.
 *
 * @example planSections(80) // 0-24, 24-80: the rest of 8 s is no section of its own
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
