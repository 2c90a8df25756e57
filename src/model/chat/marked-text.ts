// A text that comes in pieces and is looked through for marks; what may become a mark is held back until it is told.

export interface ReleasedText {
  /** Text before the mark, or that can no longer be part of one. */
  readonly text: string;
  /** The first mark that came, with what follows it; later pieces are not looked at. */
  readonly found?: { readonly mark: string; readonly rest: string };
}

export class MarkedText {
  private held = '';

  constructor(private readonly marks: readonly string[]) {}

  push(piece: string): ReleasedText {
    const text = this.held + piece;
    const places = this.marks.map((mark) => ({ mark, at: text.indexOf(mark) })).filter(({ at }) => at >= 0);
    const [first] = places.sort((a, b) => a.at - b.at || b.mark.length - a.mark.length);
    if (first) {
      this.held = '';
      return { text: text.slice(0, first.at), found: { mark: first.mark, rest: text.slice(first.at + first.mark.length) } };
    }
    const kept = this.marks.reduce((most, mark) => Math.max(most, overlap(text, mark)), 0);
    this.held = text.slice(text.length - kept);
    return { text: text.slice(0, text.length - kept) };
  }

  /** What was held back, once nothing more comes. */
  end(): string {
    const { held } = this;
    this.held = '';
    return held;
  }
}

/** Length of the longest end of `text` that begins `mark` and is not all of it. */
function overlap(text: string, mark: string): number {
  for (let length = Math.min(text.length, mark.length - 1); length > 0; length--) if (text.endsWith(mark.slice(0, length))) return length;
  return 0;
}
