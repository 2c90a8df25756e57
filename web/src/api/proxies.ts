// Copies of videos that every browser plays.
import { useQuery } from '@tanstack/react-query';
import { addressOf, call } from './call';

const POLL_MS = 1000;

/** Asks for the copy, and follows how far it is; whoever may not ask sees one that is there. */
export const useProxy = (videoId: string, enabled: boolean) =>
  useQuery({
    queryKey: ['proxy', videoId],
    queryFn: ({ signal, client, queryKey }) => {
      const show = () => call('get', '/v1/videos/{id}/proxy', { path: { id: videoId }, signal });
      if (client.getQueryData(queryKey) !== undefined) return show();
      return call('post', '/v1/videos/{id}/proxy', { path: { id: videoId }, signal }).catch((refusal: unknown) =>
        show().catch(() => {
          throw refusal;
        }),
      );
    },
    enabled,
    staleTime: Infinity,
    refetchInterval: ({ state }) => (state.data?.status === 'queued' || state.data?.status === 'processing' ? POLL_MS : false),
  });

export const proxyAddress = (id: string): string => addressOf('/v1/videos/{id}/proxy/content', { id });
