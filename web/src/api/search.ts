// Searches over the library: by words at once, and by the model over the best videos.
import { useQuery } from '@tanstack/react-query';
import { call } from './call';

const VIDEOS_ASKED = 5;

export const useWordSearch = (query: string) =>
  useQuery({
    queryKey: ['search', 'words', query],
    queryFn: ({ signal }) => call('post', '/v1/search', { body: { query, group_by: 'video', limit: 30 }, signal }),
    enabled: query !== '',
  });

/** Answers with what there is after a while, so that moments come as they are found. */
export const useGroundedSearch = (query: string) =>
  useQuery({
    queryKey: ['search', 'grounded', query],
    queryFn: ({ signal }) => call('post', '/v1/search', { body: { query, ground: true, ground_videos: VIDEOS_ASKED, limit: 1, wait: 3 }, signal }),
    enabled: query !== '',
    refetchInterval: ({ state }) => (state.data?.grounded?.status === 'processing' ? 1000 : false),
  });

/** `picture`: a data address. */
export const usePictureSearch = (picture: string) =>
  useQuery({
    queryKey: ['search', 'picture', picture],
    queryFn: ({ signal }) => call('post', '/v1/search', { body: { image: picture, group_by: 'video', limit: 30 }, signal }),
    enabled: picture !== '',
    staleTime: Infinity,
  });
