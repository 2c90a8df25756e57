// Seconds as clocks show them, in the forms that subtitle files use.

/** `3725.5` -> `01:02:05.500`; hours may pass 99. */
export function clockTime(seconds: number, fractionMark: '.' | ','): string {
  const milliseconds = Math.round(seconds * 1000);
  const pad = (value: number, width = 2): string => String(value).padStart(width, '0');
  const clock = [Math.floor(milliseconds / 3_600_000), Math.floor(milliseconds / 60_000) % 60, Math.floor(milliseconds / 1000) % 60];
  return `${clock.map((part) => pad(part)).join(':')}${fractionMark}${pad(milliseconds % 1000, 3)}`;
}
