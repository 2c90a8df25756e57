// The videos of the library.
import { queryOptions, useQuery } from '@tanstack/react-query';
import { addressOf, call } from './call';
import type { Video } from './resources';

const PAGE = 1000;

export const videosKey = ['videos'];

/** Every page of the list. */
async function allVideos(signal: AbortSignal): Promise<Video[]> {
  const videos: Video[] = [];
  let cursor: string | undefined;
  do {
    const page = await call('get', '/v1/videos', { query: { limit: PAGE, ...(cursor && { cursor }) }, signal });
    videos.push(...page.data);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return videos;
}

export const useVideos = () => useQuery({ queryKey: videosKey, queryFn: ({ signal }) => allVideos(signal) });

export const videoKey = ['video'];

export const videoQuery = (id: string) =>
  queryOptions({ queryKey: [...videoKey, id], queryFn: ({ signal }) => call('get', '/v1/videos/{id}', { path: { id }, signal }), staleTime: 60_000 });

export const useVideo = (id: string) => useQuery(videoQuery(id));

export const deleteVideo = (id: string, keepalive = false) => call('delete', '/v1/videos/{id}', { path: { id }, keepalive });

export const contentAddress = (id: string): string => addressOf('/v1/videos/{id}/content', { id });

export const thumbnailAddress = (id: string, t = 0, width = 480): string => addressOf('/v1/videos/{id}/thumbnail', { id }, { t: Number(t.toFixed(3)), width });
