// Fields that every line has while something is done: the request, the job, the row that it is about.
import { AsyncLocalStorage } from 'node:async_hooks';

type Fields = Readonly<Record<string, string>>;

const current = new AsyncLocalStorage<Fields>();

/** Whatever `work` logs, however late, has these fields too. */
export const withLogFields = <T>(fields: Fields, work: () => T): T => current.run({ ...current.getStore(), ...fields }, work);

export const logFields = (): Record<string, string> => ({ ...current.getStore() });
