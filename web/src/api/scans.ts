// What is known of a video without a model: its scan and its pictures.
import { useQuery } from '@tanstack/react-query';
import { addressOf, call } from './call';
import { problemOf } from './problem';

export const useScan = (videoId: string) =>
  useQuery({
    queryKey: ['scan', videoId],
    queryFn: ({ signal }) => call('get', '/v1/videos/{id}/scan', { path: { id: videoId }, signal }),
    refetchInterval: ({ state }) => (state.data && (state.data.status === 'queued' || state.data.status === 'processing') ? 2000 : false),
  });

export async function spritesText(videoId: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(addressOf('/v1/videos/{id}/sprites.vtt', { id: videoId }), { signal });
  if (!response.ok) throw await problemOf(response);
  return response.text();
}
