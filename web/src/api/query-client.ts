// How long answers are believed, and which failures are tried again.
import { QueryClient } from '@tanstack/react-query';
import { isPassing } from './problem';

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
