// Takes the markup out of the text of a cue.

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', lrm: '', rlm: '' };

/**
 * The words alone: tags such as `<i>`, `<c.yellow>`, `<v Anna>`, `<00:01.000>`, SubStation overrides such as `{\an8}` and entities resolved.
 *
 * @example captionText('<v Anna>Hello &amp; <i>welcome</i>') // "Hello & welcome"
 */
export function captionText(markup: string): string {
  return markup
    .replace(/\{\\[^{}]*\}/g, '')
    .replace(/<\/?(?:[a-z][^<>]*|[\d:.]+)>/gi, '')
    .replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]+));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole;
      const code = decimal === undefined ? parseInt(hex ?? '0', 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : '';
    })
    .split('\n')
    .map((line) => line.replace(/[ \t]+/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n');
}
