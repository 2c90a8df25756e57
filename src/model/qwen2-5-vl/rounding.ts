// The one rounding rule of the reference that JavaScript lacks.

/** Rounds to the nearest integer, ties to the even neighbour. @example roundHalfEven(2.5) // 2 */
export function roundHalfEven(value: number): number {
  const nearest = Math.round(value);
  return nearest - value === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest;
}
