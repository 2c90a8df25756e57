// Cuts what a program says into lines, each bounded: a file may make it say one line of any length.

/** Only `\n` ends a line: a title in the file may hold any other separator, and must not pass for a line of the program itself. */
export class LineCutter {
  private rest = '';

  constructor(private readonly most: number) {}

  /** The lines that end in this piece of text; of each, the first `most` characters. */
  *cut(text: string): Generator<string> {
    let from = 0;
    for (let to = text.indexOf('\n'); to >= 0; to = text.indexOf('\n', from)) {
      this.keep(text.slice(from, to));
      yield this.rest.endsWith('\r') ? this.rest.slice(0, -1) : this.rest;
      this.rest = '';
      from = to + 1;
    }
    this.keep(text.slice(from));
  }

  /** What was said after the last line, if anything. */
  end(): string | undefined {
    return this.rest === '' ? undefined : this.rest;
  }

  private keep(more: string): void {
    if (this.rest.length < this.most) this.rest += more.slice(0, this.most - this.rest.length);
  }
}
