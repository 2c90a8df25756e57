// Tells an error of a database that cannot be reached from every other.

/** SQLSTATE classes and codes of a server that shuts down, starts up, or lost the connection. */
const AWAY_STATES = /^(?:08...|57P0[123]|53300)$/;

const AWAY_SOCKETS = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOENT', 'EHOSTUNREACH', 'ENOTFOUND']);

/** What the driver says without a code. */
const AWAY_WORDS = /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|terminating connection)/;

/** Whether a query failed because the server is not there: it may well succeed later. `error` is what TypeORM or the driver rejected with. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { driverError, query } = error as { driverError?: unknown; query?: unknown };
  if (driverError instanceof Error && driverError !== error) return isDatabaseAway(driverError);
  if (error instanceof AggregateError) return error.errors.some(isDatabaseAway);
  const { code, syscall } = error as { code?: unknown; syscall?: unknown };
  if (typeof code !== 'string') return AWAY_WORDS.test(error.message);
  return AWAY_STATES.test(code) || (AWAY_SOCKETS.has(code) && (query !== undefined || syscall === 'connect' || syscall === 'read' || syscall === 'write'));
}
