// Plain tables and a progress bar for the terminal.

/** On one line, and no command to the terminal: control characters are written as JSON does, a newline as \n. */
export const printable = (text: string): string =>
  text.replace(/\p{Cc}/gu, (control) => (control < ' ' ? JSON.stringify(control).slice(1, -1) : `\\u00${control.charCodeAt(0).toString(16)}`));

/** Left-aligned columns under their heads; numbers are aligned to the right. */
export function table(heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = [heads, ...rows.map((row) => row.map((cell) => printable(String(cell))))];
  const widths = heads.map((_, k) => Math.max(...cells.map((row) => (row[k] ?? '').length)));
  const isNumber = heads.map((_, k) => rows.length > 0 && rows.every((row) => /^[-\d. ]*$/.test(String(row[k]))));
  const line = (row: readonly string[]): string =>
    row.map((cell, k) => (isNumber[k] ? cell.padStart(widths[k] ?? 0) : cell.padEnd(widths[k] ?? 0))).join('  ').trimEnd();
  const [head = [], ...body] = cells;
  return [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...body.map(line)].join('\n');
}

/** Seconds as people read them: `3:07.5`, hours when there are any. */
export function clock(seconds: number): string {
  const tenths = Math.round(seconds * 10);
  const [hours, minutes, rest] = [Math.floor(tenths / 36_000), Math.floor(tenths / 600) % 60, (tenths % 600) / 10];
  const tail = `${String(minutes).padStart(hours ? 2 : 1, '0')}:${rest.toFixed(1).padStart(4, '0')}`;
  return hours ? `${hours}:${tail}` : tail;
}

/** One line that redraws itself on a terminal; elsewhere a line per tenth of the way. */
export class ProgressBar {
  private lastTenth = -1;

  constructor(
    private readonly out: NodeJS.WriteStream,
    private readonly width = 30,
  ) {}

  draw(share: number, label: string): void {
    const filled = Math.round(share * this.width);
    const line = `[${'#'.repeat(filled)}${'.'.repeat(this.width - filled)}] ${String(Math.round(share * 100)).padStart(3)} %  ${printable(label)}`;
    const tenth = Math.floor(share * 10);
    if (this.out.isTTY) this.out.write(`\r\x1b[2K${line}`);
    else if (tenth !== this.lastTenth) this.out.write(`${line}\n`);
    this.lastTenth = tenth;
  }

  finish(): void {
    if (this.out.isTTY) this.out.write('\n');
  }
}
