// The tokens of a vocabulary by their bytes, laid out so that all that a term allows are found in one pass.
import { type Term } from './term.js';

/** A trie in the order of its depth-first walk: node k's subtree is k to `ends[k]`. */
export class Vocabulary {
  private readonly depths: Uint16Array;
  private readonly bytes: Uint8Array;
  private readonly ends: Int32Array;
  private readonly tokens: Int32Array; // -1 where no token ends

  /** `texts[id]` are the bytes of a token, one character each; undefined for one that is no text. */
  constructor(private readonly texts: readonly (string | undefined)[]) {
    const sorted = texts.flatMap((text, id) => (text ? [{ text, id }] : [])).sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : a.id - b.id));
    const nodes: { depth: number; byte: number; token: number }[] = [];
    let last = '';
    for (const { text, id } of sorted) {
      for (let depth = sharedLength(last, text); depth < text.length; depth++) nodes.push({ depth, byte: text.charCodeAt(depth), token: -1 });
      const node = nodes.at(-1);
      if (node && node.token < 0) node.token = id; // of tokens with the same bytes the first is enough
      last = text;
    }
    this.depths = Uint16Array.from(nodes, ({ depth }) => depth);
    this.bytes = Uint8Array.from(nodes, ({ byte }) => byte);
    this.tokens = Int32Array.from(nodes, ({ token }) => token);
    this.ends = subtreeEnds(this.depths);
  }

  bytesOf(id: number): string | undefined {
    return this.texts[id];
  }

  /** Tokens that `term` may begin with, [allowed]. */
  allowedBy(term: Term): Int32Array {
    const allowed: number[] = [];
    const reached: Term[] = [term]; // by depth
    for (let node = 0; node < this.tokens.length; ) {
      const depth = this.depths[node]!;
      const next = reached[depth]?.step(this.bytes[node]!);
      if (!next) {
        node = this.ends[node]!;
        continue;
      }
      reached[depth + 1] = next;
      if (this.tokens[node]! >= 0) allowed.push(this.tokens[node]!);
      node++;
    }
    return Int32Array.from(allowed);
  }

  /** Tokens that spell `bytes`, the longest first each time. Throws where the vocabulary lacks a byte. */
  spell(bytes: string): number[] {
    const ids: number[] = [];
    for (let at = 0; at < bytes.length; ) {
      const { token, length } = this.longest(bytes, at);
      if (length === 0) throw new Error(`the vocabulary has no token for byte ${bytes.charCodeAt(at)}`);
      ids.push(token);
      at += length;
    }
    return ids;
  }

  private longest(bytes: string, start: number): { token: number; length: number } {
    let found = { token: -1, length: 0 };
    for (let node = 0, end = this.tokens.length, at = start; node < end && at < bytes.length; ) {
      if (this.bytes[node] !== bytes.charCodeAt(at)) {
        node = this.ends[node]!;
        continue;
      }
      at++;
      if (this.tokens[node]! >= 0) found = { token: this.tokens[node]!, length: at - start };
      [end, node] = [this.ends[node]!, node + 1];
    }
    return found;
  }
}

function sharedLength(a: string, b: string): number {
  let shared = 0;
  while (shared < a.length && shared < b.length && a.charCodeAt(shared) === b.charCodeAt(shared)) shared++;
  return shared;
}

/** For each node the first one behind it that is no deeper. */
function subtreeEnds(depths: Uint16Array): Int32Array {
  const ends = new Int32Array(depths.length).fill(depths.length);
  const open: number[] = [];
  for (let node = 0; node < depths.length; node++) {
    while (open.length > 0 && depths[open.at(-1)!]! >= depths[node]!) ends[open.pop()!] = node;
    open.push(node);
  }
  return ends;
}
