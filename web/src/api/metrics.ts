// How the installation was over the last minutes to days.
import { useQuery } from '@tanstack/react-query';
import { call } from './call';

/** As often as the service measures. */
const REFRESH_MS = 15_000;

export const useHistory = (minutes: number) =>
  useQuery({
    queryKey: ['metrics-history', minutes],
    queryFn: ({ signal }) => call('get', '/v1/metrics/history', { query: { minutes }, signal }),
    refetchInterval: REFRESH_MS,
    placeholderData: (before) => before,
  });
