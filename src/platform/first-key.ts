// How the first key of a service reaches the person who started it: over a pipe of the processes or the terminal, never by the log.

const TYPE = 'first_key';

/** Tells the process that started this one, else whoever reads its output. */
export function tellFirstKey(key: string): void {
  if (process.send) process.send({ type: TYPE, key });
  else process.stdout.write(firstKeyNote(key));
}

/** The key that a message of another process holds. */
export function firstKeyOf(message: unknown): string | undefined {
  if (typeof message !== 'object' || message === null || !('type' in message) || message.type !== TYPE || !('key' in message)) return undefined;
  return String(message.key);
}

export const firstKeyNote = (key: string): string => `First key  ${key}\n           It may do everything and is shown this once: keep it, and make others with it (POST /v1/api-keys).\n`;
