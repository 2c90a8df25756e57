// What people say of answers.
import { useQuery } from '@tanstack/react-query';
import { call } from './call';
import { queryClient } from './query-client';
import type { Feedback, FeedbackRequest } from './resources';

/** Of one answer; undefined where nobody has judged it. */
export function useFeedback(videoId: string, questionId: string, momentId: string | null): Feedback | undefined {
  const { data } = useQuery({
    queryKey: ['feedback', videoId],
    queryFn: async ({ signal }) => (await call('get', '/v1/videos/{id}/feedback', { path: { id: videoId }, signal })).data,
    staleTime: 60_000,
  });
  return data?.find(({ question_id, moment_id }) => question_id === questionId && moment_id === momentId);
}

export async function giveFeedback(videoId: string, body: FeedbackRequest): Promise<void> {
  const given = await call('post', '/v1/videos/{id}/feedback', { path: { id: videoId }, body });
  queryClient.setQueryData<Feedback[]>(['feedback', videoId], (known = []) => [...known.filter(({ id }) => id !== given.id), given]);
}
