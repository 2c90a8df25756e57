// Where a search over the library found something in this video; the address says what was searched for.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useQueryValue } from '../address/address';
import { call } from '../api/call';
import type { SearchHit } from '../api/resources';
import type { Span } from '../timeline/lane';

const MOST_HITS = 100;

export function useVideoHits(videoId: string): readonly Span[] {
  const words = useQueryValue('s');
  const { data } = useQuery({
    queryKey: ['search', 'video', videoId, words],
    queryFn: ({ signal }) => call('post', '/v1/search', { body: { query: words, filter: { video_ids: [videoId] }, limit: MOST_HITS }, signal }),
    enabled: words !== '',
  });
  return useMemo(() => (data?.data ?? []).flatMap((found) => (found.object === 'hit' ? [spanOf(found)] : [])), [data]);
}

const spanOf = ({ start_time: start, end_time: end, text, segment_id: id }: SearchHit): Span => ({ start, end, label: text ?? '', color: '--accent', ...(id !== null && { id }) });
