// What the embedded server says, in the log of the product.
import { log } from '../log/log.js';

/** Everything else is an answer to whoever sent a statement or a connection, and told there. */
const PANIC = 'PANIC';

/** `2026-03-02 10:00:00.123 UTC [71] LOG:  ready` -> `ready`, of use to whoever looks closely. */
export function logPostgres(line: string): void {
  const [, severity = 'LOG', message = line] = /^\S+ \S+ \S+ \[\d+\] ([A-Z0-9]+): +(.*)$/.exec(line) ?? [];
  log[severity === PANIC ? 'error' : 'debug']({ process: 'postgres', severity }, message);
}
