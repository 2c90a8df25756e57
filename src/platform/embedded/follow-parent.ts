// Loaded into every supervised child before its own code: a child whose parent is gone is asked to stop.

/** Longest that an orphan may take for it. */
const LIMIT_MS = 40_000;

if (process.connected) {
  process.once('disconnect', () => {
    setTimeout(() => process.exit(1), LIMIT_MS).unref();
    process.kill(process.pid, 'SIGTERM');
  });
  process.channel?.unref(); // watching the parent keeps no process alive
}
