// Text made fit for files: one line, ASCII where a format knows nothing else, and names that every system takes.

/** White space and control characters become single spaces. */
export const oneLine = (text: string): string => text.replace(/[\s\p{Cc}\u2028\u2029]+/gu, ' ').trim();

/** At most `most` characters, not cut inside of one. */
export function shortened(text: string, most: number): string {
  const characters = [...text];
  return characters.length > most ? `${characters.slice(0, most - 3).join('')}...` : text;
}

const SPELLINGS: Readonly<Record<string, string>> = {
  ...{ 'ß': 'ss', 'æ': 'ae', 'Æ': 'AE', 'œ': 'oe', 'Œ': 'OE', 'ø': 'o', 'Ø': 'O', 'ł': 'l', 'Ł': 'L' },
  ...{ 'đ': 'd', 'Đ': 'D', 'þ': 'th', 'Þ': 'Th', 'ð': 'd', 'ı': 'i', '€': 'EUR', '×': 'x', '→': '->' },
  ...{ '‘': "'", '’': "'", '‚': ',', '“': '"', '”': '"', '„': '"', '«': '"', '»': '"' },
  ...{ '–': '-', '—': '-', '‐': '-', '−': '-', '…': '...' },
};

/** `Café – Köln` -> `Cafe - Koln`; what has no spelling in ASCII stays as it is. */
export const spelledInAscii = (text: string): string =>
  text.replace(/[^\0-\x7f]/gu, (character) => SPELLINGS[character] ?? asciiOf(character) ?? character);

function asciiOf(character: string): string | undefined {
  const bare = character.normalize('NFKD').replace(/\p{M}/gu, '');
  return /^[\0-\x7f]+$/.test(bare) ? bare : undefined;
}

/** `name` without what comes before the last `/` or `\`, on one line. */
export const baseName = (name: string): string => oneLine(name.split(/[/\\]/).at(-1) ?? '');

/** `match 1.final.mp4` -> `match 1.final`. */
const stem = (name: string): string => baseName(name).replace(/(?<=.)\.[^.]{1,5}$/, '');

const MOST_CHARACTERS = 80;
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/** A file name for an export of the video: `../a: b?.mp4`, `edl` -> `a_ b_.edl`. */
export function exportFileName(videoName: string, extension: string): string {
  const visible = stem(videoName).replace(/\p{Cf}|\p{Surrogate}/gu, '').replace(/[<>:"|?*%]/g, '_');
  const safe = [...visible].slice(0, MOST_CHARACTERS).join('').replace(/^[. ]+|[. ]+$/g, '');
  if (safe === '') return `video.${extension}`;
  return `${RESERVED.test(safe) ? 'video-' : ''}${safe}.${extension}`;
}

/** RFC 6266: a name in ASCII, and the true one for whoever reads UTF-8. */
export function contentDisposition(kind: 'inline' | 'attachment', fileName: string): string {
  const plain = spelledInAscii(fileName).replace(/[^ -~]/gu, '_').replace(/["\\]/g, '_');
  const encoded = encodeURIComponent(fileName).replace(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
  return `${kind}; filename="${plain}"${plain === fileName ? '' : `; filename*=UTF-8''${encoded}`}`;
}
