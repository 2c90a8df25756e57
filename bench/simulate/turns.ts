// Whose turn it is: the rule of the claims (src/analysis/fairest-window.ts, src/scans/fairest-chunk.ts) as a queue in memory.
import { Heap } from './heap.js';

export interface InTurn {
  readonly id: string;
  /** 0 before 1 before 2. */
  readonly priority: number;
  /** When it was last served, as a count of servings; undefined: never. */
  servedAt: number | undefined;
}

/** By priority, then who was never served, then who was served longest ago, then by id: `ORDER BY priority, served_at NULLS FIRST, id`. */
export function isBefore(a: InTurn, b: InTurn): boolean {
  if (a.priority !== b.priority) return a.priority < b.priority;
  if (a.servedAt !== b.servedAt) return a.servedAt === undefined || (b.servedAt !== undefined && a.servedAt < b.servedAt);
  return a.id < b.id;
}

/** Those of one owner that have something to be done, and when it was last served. */
interface Owned<T> {
  readonly waiting: Heap<T>;
  servedAt: number | undefined;
}

/** Those that have something to be done; each is in it once. With `ownerOf`, of equal priority the owners take turns, and each owner's own within its turns. */
export class Turns<T extends InTurn> {
  private readonly owners = new Map<unknown, Owned<T>>();
  private readonly isIn = new Set<T>();
  private servings = 0;

  constructor(private readonly ownerOf: (one: T) => unknown = () => undefined) {}

  get size(): number {
    return this.isIn.size;
  }

  /** Has something to be done from now on. */
  join(one: T): void {
    if (this.isIn.has(one)) return;
    this.isIn.add(one);
    const owner = this.ownerOf(one);
    const owned = this.owners.get(owner) ?? { waiting: new Heap<T>(isBefore), servedAt: undefined };
    this.owners.set(owner, owned);
    owned.waiting.push(one);
  }

  /** Takes whose turn it is, and marks that it was served; whoever has more to be done joins again. */
  next(): T | undefined {
    let fairest: { readonly owned: Owned<T>; readonly turn: InTurn } | undefined;
    for (const owned of this.owners.values()) {
      const first = owned.waiting.peek();
      const turn = first && { id: first.id, priority: first.priority, servedAt: owned.servedAt };
      if (turn && (!fairest || isBefore(turn, fairest.turn))) fairest = { owned, turn };
    }
    const one = fairest?.owned.waiting.pop();
    if (!fairest || !one) return undefined;
    this.isIn.delete(one);
    fairest.owned.servedAt = one.servedAt = this.servings++;
    return one;
  }
}
