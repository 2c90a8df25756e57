// Searches over the library: by words at once, and by the model over the best videos.
import { useQuery } from '@tanstack/react-query';
import { call } from './call';
import { ApiProblem } from './problem';
import type { Grounded, Search } from './resources';

/** Videos that a question is put to at first, and at most. */
export const VIDEOS_ASKED = { first: 5, most: 20 };
const MOMENTS_SHOWN = 20;
const POLL_MS = 1000;

export const useWordSearch = (query: string) =>
  useQuery({
    queryKey: ['search', 'words', query],
    queryFn: ({ signal }) => call('post', '/v1/search', { body: { query, group_by: 'video', limit: 30 }, signal }),
    enabled: query !== '',
  });

/** The question is put once, and answers with what there is after a while; then each video's answer is read as it comes. */
export const useGroundedSearch = (query: string, most: number) =>
  useQuery({
    queryKey: ['search', 'grounded', query, most],
    queryFn: async ({ client, queryKey, signal }): Promise<Search> => {
      const search = client.getQueryData<Search>(queryKey);
      if (search?.grounded?.status === 'processing') return { ...search, grounded: await readOn(search.grounded, signal) };
      return call('post', '/v1/search', { body: { query, ground: true, ground_videos: most, limit: MOMENTS_SHOWN, wait: 3 }, signal });
    },
    enabled: query !== '',
    refetchInterval: ({ state }) => (state.data?.grounded?.status === 'processing' ? POLL_MS : false),
  });

async function readOn({ videos, moments, total }: Grounded, signal: AbortSignal): Promise<Grounded> {
  const read = await Promise.all(videos.filter(isOpen).map((video) => answerOf(video, signal)));
  const now = videos.map((video) => read.find(({ video_id }) => video_id === video.video_id) ?? video);
  const found = [...moments.filter(({ video_id }) => !read.some((video) => video.video_id === video_id)), ...read.flatMap(({ moments: more }) => more)];
  return { total, videos: now, moments: found.sort((a, b) => b.confidence - a.confidence).slice(0, MOMENTS_SHOWN), status: now.some(isOpen) ? 'processing' : 'ready' };
}

type Asked = Grounded['videos'][number];

const isOpen = ({ status, moments_id }: Asked): boolean => moments_id !== null && (status === 'queued' || status === 'processing');

/** A video that was deleted meanwhile has no say. */
async function answerOf(video: Asked, signal: AbortSignal): Promise<Asked & Pick<Grounded, 'moments'>> {
  const { video_id: id, moments_id: questionId } = video;
  try {
    const { status, answer, searched_until, error, data } = await call('get', '/v1/videos/{id}/moments/{questionId}', { path: { id, questionId: questionId ?? '' }, signal });
    return { ...video, status, answer, searched_until, error, moments: data.map((moment) => ({ ...moment, video_id: id })) };
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status !== 404) throw error;
    return { ...video, status: 'failed', error: { code: error.code, message: error.message }, moments: [] };
  }
}

/** `picture`: a data address. */
export const usePictureSearch = (picture: string) =>
  useQuery({
    queryKey: ['search', 'picture', picture],
    queryFn: ({ signal }) => call('post', '/v1/search', { body: { image: picture, group_by: 'video', limit: 30 }, signal }),
    enabled: picture !== '',
    staleTime: Infinity,
  });
