// The segments of a video, every page of them.
import { useQuery } from '@tanstack/react-query';
import { addressOf, call } from './call';
import type { Segment } from './resources';

const PAGE = 1000;

async function allSegments(id: string, taskId: string | undefined, signal: AbortSignal): Promise<Segment[]> {
  const segments: Segment[] = [];
  let cursor: string | undefined;
  do {
    const query = { limit: PAGE, ...(taskId && { task_id: taskId }), ...(cursor && { cursor }) };
    const page = await call('get', '/v1/videos/{id}/segments', { path: { id }, query, signal });
    segments.push(...page.data);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return segments;
}

/** In order of start; `version` changes when there may be more of them. */
export const useSegments = (videoId: string, taskId: string | undefined, version: string) =>
  useQuery({
    queryKey: ['segments', videoId, taskId, version],
    queryFn: ({ signal }) => allSegments(videoId, taskId, signal),
    placeholderData: (before) => before,
    staleTime: 60_000,
  });

/** The first events that the model described, for a look at the whole. */
export const useEventStrip = (videoId: string, version: string) =>
  useQuery({
    queryKey: ['segments', videoId, 'strip', version],
    queryFn: ({ signal }) => call('get', '/v1/videos/{id}/segments', { path: { id: videoId }, query: { source: 'model', limit: 300 }, signal }),
    placeholderData: (before) => before,
    staleTime: 60_000,
  });

export const segmentsFile = (videoId: string, format: string, taskId?: string): string =>
  addressOf('/v1/videos/{id}/segments', { id: videoId }, { format, source: 'model', ...(taskId && { task_id: taskId }) });
