// A document as the model writes it down, QwenVL HTML (spec 11.3), read into blocks with their boxes.
import { type Box, readBox } from '../grounding/boxes.js';
import { elementsOf, type HtmlElement, type HtmlNode, innerText, parseHtml } from './html.js';
import { inlineMarkdown, tableMarkdown } from './markdown.js';

/** The wrappers that the format knows, by their class, besides paragraphs, headings, lists and tables. */
const WRAPPERS = ['chart', 'formula', 'image caption', 'image ocr', 'music sheet', 'chemical formula'] as const;
type Wrapper = (typeof WRAPPERS)[number];

export interface DocumentBlock {
  readonly kind: 'paragraph' | 'heading' | 'table' | 'list' | 'image' | Wrapper;
  /** Of a heading: 1 to 6. */
  readonly level?: number;
  /** Pixels of the picture as the model saw it; null where it wrote none. */
  readonly box: Box | null;
  /** Of the picture that a wrapper holds. */
  readonly imageBox?: Box;
  readonly text: string;
  readonly markdown: string;
}

/** Blocks in the order written; whatever surrounds the HTML, a fence for instance, is passed over. */
export function readDocument(answer: string): DocumentBlock[] {
  const html = parseHtml(answer.replaceAll(/^\s*```\w*\s*$/gm, ''));
  const [body = html] = elementsOf(html, 'body');
  return blocksIn(body);
}

export const documentMarkdown = (blocks: readonly DocumentBlock[]): string =>
  blocks.map(({ markdown }) => markdown).filter((text) => text !== '').join('\n\n');

function blocksIn(element: HtmlElement): DocumentBlock[] {
  return element.children.flatMap((node) => (typeof node === 'string' ? looseText(node) : (blockOf(node) ?? blocksIn(node))));
}

const looseText = (text: string): DocumentBlock[] => (text.trim() === '' ? [] : [{ kind: 'paragraph', box: null, text: text.trim(), markdown: text.trim() }]);

/** Undefined for what only holds blocks. */
function blockOf(element: HtmlElement): DocumentBlock[] | undefined {
  const base = { box: boxOf(element), text: innerText(element).trim() };
  const level = Number(/^h([1-6])$/.exec(element.tag)?.[1]);
  if (level) return [{ ...base, kind: 'heading', level, markdown: `${'#'.repeat(level)} ${inlineMarkdown(element)}` }];
  switch (element.tag) {
    case 'head': case 'script': case 'style':
      return [];
    case 'p':
      return [{ ...base, kind: 'paragraph', markdown: inlineMarkdown(element) }];
    case 'table':
      return [{ ...base, kind: 'table', markdown: tableMarkdown(element) }];
    case 'ul': case 'ol':
      return [{ ...base, kind: 'list', markdown: listMarkdown(element) }];
    case 'img':
      return [{ ...base, kind: 'image', markdown: imageMarkdown(element.attributes.get('alt') ?? '') }];
    default: {
      const kind = WRAPPERS.find((wrapper) => wrapper === element.attributes.get('class')?.trim().toLowerCase());
      return kind && [wrapped(element, kind, base)];
    }
  }
}

function wrapped(element: HtmlElement, kind: Wrapper, base: Pick<DocumentBlock, 'box' | 'text'>): DocumentBlock {
  const [image] = elementsOf(element, 'img');
  const imageBox = image && boxOf(image);
  return { ...base, kind, ...(imageBox && { imageBox }), markdown: wrapperMarkdown(element, kind, base.text) };
}

function wrapperMarkdown(element: HtmlElement, kind: Wrapper, text: string): string {
  const [table] = elementsOf(element, 'table');
  switch (kind) {
    case 'chart':
      return table ? tableMarkdown(table) : text;
    case 'formula':
      return `$$\n${text.replaceAll(/^\$+|\$+$/g, '').trim()}\n$$`;
    case 'image caption':
      return imageMarkdown(text);
    case 'image ocr':
      return text;
    case 'music sheet':
      return fenced('abc', text);
    case 'chemical formula':
      return fenced('smiles', text);
  }
}

const fenced = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``;

const imageMarkdown = (words: string): string => `![${words.replaceAll(/\s+/g, ' ').replaceAll(/[[\]]/g, '\\$&')}]()`;

function listMarkdown(list: HtmlElement): string {
  const items = list.children.filter((node): node is HtmlElement => typeof node !== 'string' && node.tag === 'li');
  return items.map((item, k) => `${list.tag === 'ol' ? `${k + 1}.` : '-'} ${inlineMarkdown(item)}`).join('\n');
}

/** `data-bbox="x1 y1 x2 y2"`. */
function boxOf(element: HtmlNode): Box | null {
  const written = typeof element === 'string' ? undefined : element.attributes.get('data-bbox');
  return readBox(written?.trim().split(/[\s,]+/).map(Number)) ?? null;
}
