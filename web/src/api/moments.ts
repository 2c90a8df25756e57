// Questions about one video: asked once, then read on until they are answered.
import { useQuery } from '@tanstack/react-query';
import { addressOf, call } from './call';
import { queryClient } from './query-client';
import type { MomentRequest, Moments } from './resources';

/** Seconds that the first request waits: short answers come with it. */
const FIRST_WAIT = 2;
const POLL_MS = 700;

const momentsKey = (id: string) => ['moments', id];

export const isAnswered = ({ status }: Moments): boolean => status !== 'queued' && status !== 'processing';

export async function askMoments(videoId: string, request: MomentRequest): Promise<Moments> {
  const moments = await call('post', '/v1/videos/{id}/moments', { path: { id: videoId }, body: { curve: true, wait: FIRST_WAIT, ...request } });
  queryClient.setQueryData(momentsKey(moments.id), moments);
  return moments;
}

export const useMoments = (videoId: string, id: string) =>
  useQuery({
    queryKey: momentsKey(id),
    queryFn: ({ signal }) => call('get', '/v1/videos/{id}/moments/{questionId}', { path: { id: videoId, questionId: id }, signal }),
    enabled: id !== '',
    refetchInterval: ({ state }) => (state.data && !isAnswered(state.data) ? POLL_MS : false),
    staleTime: Infinity,
  });

export async function cancelQuestion(videoId: string, questionId: string): Promise<void> {
  queryClient.setQueryData(momentsKey(questionId), await call('post', '/v1/videos/{id}/moments/{questionId}/cancel', { path: { id: videoId, questionId } }));
}

export const momentsFile = (videoId: string, questionId: string, format: string): string =>
  addressOf('/v1/videos/{id}/moments/{questionId}', { id: videoId, questionId }, { format });
