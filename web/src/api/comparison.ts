// Two analyses of a video side by side.
import { useQuery } from '@tanstack/react-query';
import { call } from './call';

export const useComparison = (a: string | undefined, b: string | undefined, minIou: number, version: string) =>
  useQuery({
    queryKey: ['comparison', a, b, minIou, version],
    queryFn: ({ signal }) => call('get', '/v1/analyze/tasks/{id}/compare', { path: { id: a ?? '' }, query: { with: b ?? '', min_iou: minIou }, signal }),
    enabled: a !== undefined && b !== undefined,
    placeholderData: (before) => before,
    staleTime: Infinity,
  });
