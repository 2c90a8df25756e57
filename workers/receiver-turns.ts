// Turns of endpoints at one receiver, so that one that is slow does not take every place of a worker from the others.

/** Endpoints of one receiver that a worker tells at a time. */
const MOST_AT_ONCE = 8;

interface Turns {
  busy: number;
  readonly waiting: Set<string>;
}

/** Only a memory of this process: who waits here in vain is rung for by the sweep. */
export class ReceiverTurns {
  private readonly receivers = new Map<string, Turns>();

  /** False where the endpoint has to wait. */
  begin(receiver: string, endpointId: string): boolean {
    const turns = this.receivers.get(receiver) ?? { busy: 0, waiting: new Set() };
    this.receivers.set(receiver, turns);
    if (turns.busy >= MOST_AT_ONCE) {
      turns.waiting.add(endpointId);
      return false;
    }
    turns.waiting.delete(endpointId);
    turns.busy++;
    return true;
  }

  /** Returns the endpoint that has waited longest, if any: its turn has come. */
  end(receiver: string): string | undefined {
    const turns = this.receivers.get(receiver);
    if (!turns) return undefined;
    turns.busy--;
    const [next] = turns.waiting;
    if (next !== undefined) turns.waiting.delete(next);
    else if (turns.busy === 0) this.receivers.delete(receiver);
    return next;
  }
}
