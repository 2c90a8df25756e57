// Which colour stands for which type of segment: tell-apart hues, always together with a name.

const FIXED: Readonly<Record<string, string>> = { shot: '--shot', speech: '--violet', chapter: '--sand', camera: '--cyan', fade: '--faint', black: '--faint', dissolve: '--faint', freeze: '--faint', silence: '--faint' };
const PALETTE = ['--sky', '--lime', '--violet', '--pink', '--sand', '--cyan'] as const;

/** A custom property of the page; the same for the same word. */
export function typeColor(type: string): string {
  const fixed = FIXED[type];
  if (fixed !== undefined) return fixed;
  let hash = 0;
  for (const letter of type) hash = (hash * 31 + letter.charCodeAt(0)) | 0;
  return PALETTE[Math.abs(hash) % PALETTE.length] ?? '--sky';
}
