// A number with so many decimals, as the reader writes numbers.
const formats = new Map<string, Intl.NumberFormat>();

/** `least` fewer decimals are left out where they are zeros; by default none is. */
export function decimal(value: number, decimals: number, least = decimals): string {
  const key = `${decimals} ${least}`;
  const format = formats.get(key) ?? new Intl.NumberFormat(undefined, { minimumFractionDigits: least, maximumFractionDigits: decimals });
  formats.set(key, format);
  return format.format(value);
}
