// The request that is being answered, for whoever notes who asked for a change.
import type { Request } from 'express';
import { AsyncLocalStorage } from 'node:async_hooks';

const current = new AsyncLocalStorage<Request>();

/** Whatever `work` does, however late, is done for this request. */
export const withRequest = <T>(request: Request, work: () => T): T => current.run(request, work);

/** Undefined outside of a request: the service does it by itself. */
export const currentRequest = (): Request | undefined => current.getStore();
