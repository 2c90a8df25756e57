// Whose turn it is: the rule of the claims (src/analysis/task-state.ts, src/scans/fairest-chunk.ts) as a queue in memory.
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

/** Those that have something to be done; each is in it once. */
export class Turns<T extends InTurn> {
  private readonly waiting = new Heap<T>(isBefore);
  private readonly isIn = new Set<T>();
  private servings = 0;

  get size(): number {
    return this.waiting.size;
  }

  /** Has something to be done from now on. */
  join(one: T): void {
    if (this.isIn.has(one)) return;
    this.isIn.add(one);
    this.waiting.push(one);
  }

  /** Takes whose turn it is, and marks that it was served; whoever has more to be done joins again. */
  next(): T | undefined {
    const one = this.waiting.pop();
    if (!one) return undefined;
    this.isIn.delete(one);
    one.servedAt = this.servings++;
    return one;
  }
}
