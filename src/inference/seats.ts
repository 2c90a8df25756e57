// Who works next where: requests wait for a free seat, those that somebody waits for before the others.

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
      const next = this.waiting.shift();
      if (!next) return;
      const best = next.prefers ? this.free.findIndex(next.prefers) : 0;
      const [seat] = this.free.splice(Math.max(0, best), 1) as [Seat];
      next.begin(seat);
    }
  }
}
