// Markdown of what stands inside the blocks of a document: text with its emphasis, and tables.
import { elementsOf, type HtmlElement, type HtmlNode } from './html.js';

/** What is set around an element's text. */
const MARKS: Readonly<Record<string, string>> = { b: '**', strong: '**', i: '*', em: '*', code: '`', s: '~~', del: '~~' };

/** One line; what Markdown would take for markup is escaped. */
export const inlineMarkdown = (element: HtmlElement): string => element.children.map(inlineOf).join('').replaceAll(/\s+/g, ' ').trim();

function inlineOf(node: HtmlNode): string {
  if (typeof node === 'string') return node.replaceAll(/[\\`*_[\]<>]/g, '\\$&');
  if (node.tag === 'br') return ' ';
  const text = node.children.map(inlineOf).join('');
  const mark = MARKS[node.tag];
  return mark === undefined || text.trim() === '' ? text : `${mark}${text.trim()}${mark}`;
}

/** The first row is the head. A cell that spans several columns is followed by empty ones, one that spans rows stands in the first. */
export function tableMarkdown(table: HtmlElement): string {
  const rows = filled(elementsOf(table, 'tr').map((row) => row.children.filter((cell): cell is HtmlElement => typeof cell !== 'string' && /^t[dh]$/.test(cell.tag))));
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const [head, ...body] = rows.map((row) => `| ${Array.from({ length: width }, (_, k) => row[k] ?? '').join(' | ')} |`);
  return head === undefined ? '' : [head, `|${' --- |'.repeat(width)}`, ...body].join('\n');
}

const MOST_SPAN = 100;

/** The texts of the cells at the columns where they stand. */
function filled(rows: readonly (readonly HtmlElement[])[]): string[][] {
  const taken = new Set<string>();
  return rows.map((cells, y) => {
    const texts: string[] = [];
    for (const cell of cells) {
      while (taken.has(`${y} ${texts.length}`)) texts.push('');
      const [across, down] = ['colspan', 'rowspan'].map((key) => Math.min(MOST_SPAN, Math.max(1, Number(cell.attributes.get(key)) || 1))) as [number, number];
      for (let dy = 1; dy < down; dy++) for (let dx = 0; dx < across; dx++) taken.add(`${y + dy} ${texts.length + dx}`);
      texts.push(inlineMarkdown(cell).replaceAll('|', '\\|'), ...Array<string>(across - 1).fill(''));
    }
    return texts;
  });
}
