// How long answers are believed, and which failures are tried again.
import { QueryClient } from '@tanstack/react-query';
import { ApiProblem } from './problem';

/** A request that is wrong stays wrong; a service that is away comes back. */
const isPassing = (error: Error): boolean => error instanceof ApiProblem && (error.status === 0 || error.status >= 502);

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (failures, error) => isPassing(error) && failures < 20,
      retryDelay: (failures) => Math.min(5000, 500 * 2 ** failures),
      refetchOnWindowFocus: false,
    },
  },
});
