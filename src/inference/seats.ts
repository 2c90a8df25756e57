// Who works next where: requests wait for a free seat, those that somebody waits for before the others, which get a turn now and then all the same.

/** Urgent requests that go before others that wait; then one of those has its turn. */
const MOST_URGENT_IN_A_ROW = 16;

interface Waiting<Seat> {
  readonly urgent: boolean;
  readonly prefers: ((seat: Seat) => boolean) | undefined;
  readonly begin: (seat: Seat) => void;
}

export interface TakeOptions<Seat> {
  /** Goes before the requests that wait and are not urgent. */
  readonly urgent?: boolean | undefined;
  /** Which of several free seats is best. */
  readonly prefers?: (seat: Seat) => boolean;
}

export class Seats<Seat> {
  private readonly waiting: Waiting<Seat>[] = [];
  private urgentInARow = 0;
  private readonly free: Seat[];

  constructor(seats: readonly Seat[]) {
    this.free = [...seats];
  }

  /** Runs `work` in its turn; settles as it does. */
  take<Value>(work: (seat: Seat) => Promise<Value>, { urgent = false, prefers }: TakeOptions<Seat> = {}): Promise<Value> {
    return new Promise((resolve, reject) => {
      const begin = (seat: Seat): void => {
        const result = work(seat);
        const leave = (): void => {
          this.free.push(seat);
          this.seat();
        };
        result.then(leave, leave); // free before the caller hears of it, who may come back at once
        result.then(resolve, reject);
      };
      const place = urgent ? this.waiting.findIndex((other) => !other.urgent) : -1;
      this.waiting.splice(place < 0 ? this.waiting.length : place, 0, { urgent, prefers, begin });
      this.seat();
    });
  }

  private seat(): void {
    while (this.free.length > 0) {
      const next = this.next();
      if (!next) return;
      const best = next.prefers ? this.free.findIndex(next.prefers) : 0;
      const [seat] = this.free.splice(Math.max(0, best), 1) as [Seat];
      next.begin(seat);
    }
  }

  /** Urgent ones stand before the others. */
  private next(): Waiting<Seat> | undefined {
    const other = this.urgentInARow < MOST_URGENT_IN_A_ROW ? -1 : this.waiting.findIndex(({ urgent }) => !urgent);
    const [next] = this.waiting.splice(Math.max(0, other), 1);
    const isBefore = next?.urgent === true && this.waiting.some(({ urgent }) => !urgent);
    this.urgentInARow = isBefore ? this.urgentInARow + 1 : 0;
    return next;
  }
}
