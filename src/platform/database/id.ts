// Ids: UUID version 7 (RFC 9562), so that the order of ids is the order of creation.
import { randomBytes } from 'node:crypto';

let last = 0n; // milliseconds and counter of the newest id, 60 bits

/** A new id. Ids of one process ascend strictly, even within a millisecond: the 12 bits after the time count. */
export function newId(now: number = Date.now()): string {
  const fresh = BigInt(now) << 12n;
  last = fresh > last ? fresh : last + 1n;
  const time = (last >> 12n).toString(16).padStart(12, '0');
  const count = (last & 0xfffn).toString(16).padStart(3, '0');
  const random = randomBytes(8);
  random[0] = 0x80 | (random[0] ?? 0) & 0x3f; // RFC 9562 section 4.1: the variant, 0b10
  const tail = random.toString('hex');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${count}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}

/** Comes before every id that is made from this millisecond on. */
export function firstIdOf(milliseconds: number): string {
  const time = Math.max(0, Math.floor(milliseconds)).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`;
}

/** The millisecond at which an id of ours was made. */
export const timeOfId = (id: string): number => Number.parseInt(id.replace('-', '').slice(0, 12), 16);
