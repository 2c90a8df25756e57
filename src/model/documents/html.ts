// A small reader of the HTML that models write: tags, attributes and text, forgiving of what is never closed.

export interface HtmlElement {
  readonly tag: string; // lower case
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: HtmlNode[];
}

export type HtmlNode = HtmlElement | string;

/** Elements that hold nothing. */
const VOID = new Set(['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source', 'wbr']);
/** Elements that end where the next of their kind begins. */
const CLOSED_BY: Readonly<Record<string, readonly string[]>> = {
  p: ['p', 'div', 'table', 'ul', 'ol', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr'],
  li: ['li'], td: ['td', 'th', 'tr', 'tbody'], th: ['td', 'th', 'tr', 'tbody'], tr: ['tr', 'tbody'], option: ['option'],
};
/** A quote without its pair is a character like any other, so that a tag always ends and nothing is gone through twice. */
const TOKEN = /<!--[\s\S]*?(?:-->|$)|<!\w[^>]*>|<(\/?)([a-zA-Z][\w-]*)((?:"[^"]*"|'[^']*'|[^'">]|["'])*)(?:>|$)/g;
const ATTRIBUTE = /([^\s=/"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+)))?/g;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** An element without a name that holds all the others. */
export function parseHtml(text: string): HtmlElement {
  const root: HtmlElement = { tag: '', attributes: new Map(), children: [] };
  const open: HtmlElement[] = [root];
  const top = (): HtmlElement => open.at(-1) ?? root;
  const write = (piece: string): void => {
    if (piece !== '') top().children.push(decodeEntities(piece));
  };
  let read = 0;
  for (const match of text.matchAll(TOKEN)) {
    write(text.slice(read, match.index));
    read = match.index + match[0].length;
    const [, closing, name, rest = ''] = match;
    if (name === undefined) continue;
    const tag = name.toLowerCase();
    if (closing) {
      const place = open.findLastIndex((element) => element.tag === tag);
      if (place > 0) open.length = place;
      continue;
    }
    while (open.length > 1 && CLOSED_BY[top().tag]?.includes(tag)) open.pop();
    const element: HtmlElement = { tag, attributes: attributesOf(rest), children: [] };
    top().children.push(element);
    if (!VOID.has(tag) && !rest.trimEnd().endsWith('/')) open.push(element);
  }
  write(text.slice(read));
  return root;
}

/** The text inside, as it is written. */
export const innerText = (node: HtmlNode): string =>
  typeof node === 'string' ? node : node.tag === 'br' ? '\n' : node.children.map(innerText).join('');

/** Elements of a name at any depth, in order. */
export const elementsOf = (node: HtmlElement, tag: string): HtmlElement[] =>
  node.children.flatMap((child) => (typeof child === 'string' ? [] : [...(child.tag === tag ? [child] : []), ...elementsOf(child, tag)]));

function attributesOf(text: string): Map<string, string> {
  const found = [...text.matchAll(ATTRIBUTE)];
  return new Map(found.map(([, key = '', double, single, bare]) => [key.toLowerCase(), decodeEntities(double ?? single ?? bare ?? '')]));
}

const decodeEntities = (text: string): string =>
  text.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w+));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return NAMED[name] ?? whole;
    const code = decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : whole;
  });
