// Which versions of vLLM are known to lose the seconds between frames.

/** The first release that passes them on to the model on every path (docs/decisions/0026-a-model-on-other-machines.md). */
const FIRST = [0, 31];

/** A version that cannot be read is not known to be too old: what the server does decides. */
export function isTooOld(version: string): boolean {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined || minor === undefined) return false;
  const [a = 0, b = 0] = FIRST;
  return Number(major) < a || (Number(major) === a && Number(minor) < b);
}
