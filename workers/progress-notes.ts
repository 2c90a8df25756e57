// Writes down how far a work is, once a second at most; where it may not be written any more, nobody wants the work.

const PAUSE_MS = 1000;

export class ProgressNotes {
  private readonly unwanted = new AbortController();
  private notedAt = -Infinity;
  private writing = false;

  constructor(
    private readonly write: (seconds: number) => Promise<void>,
    private readonly outer: AbortSignal,
  ) {}

  /** Aborts where the work is not to go on. */
  get signal(): AbortSignal {
    return AbortSignal.any([this.outer, this.unwanted.signal]);
  }

  note(seconds: number, now: number = performance.now()): void {
    if (this.writing || now - this.notedAt < PAUSE_MS) return;
    this.notedAt = now;
    this.writing = true;
    this.write(seconds)
      .catch((error: unknown) => this.unwanted.abort(error))
      .finally(() => (this.writing = false));
  }
}
