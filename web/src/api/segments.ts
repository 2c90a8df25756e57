// The segments of a video: how many there are, the pages of their list that are in sight, and the marks of the part of the timeline that is.
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { addressOf, call } from './call';
import { queryClient } from './query-client';
import type { Segment, SegmentOutline, Video } from './resources';

export const PAGE_ROWS = 200;

/** As many parts as a wide screen has pixels in sight. */
const PARTS = 2048;
/** As many parts as a card can show. */
const STRIP_PARTS = 256;

export interface SegmentQuery {
  readonly videoId: string;
  readonly taskId: string | undefined;
  /** '' for every type. */
  readonly type: string;
  readonly text: string;
  /** From 0 to 1; 0 for all. */
  readonly least: number;
}

const filterOf = ({ taskId, type, text, least }: SegmentQuery) => ({
  ...(taskId && { task_id: taskId }),
  ...(type !== '' && { type }),
  ...(text.trim() !== '' && { text }),
  ...(least > 0 && { min_confidence: least }),
});

/** What the model found in an analysis, the first so many in order of start. */
export const useFound = (videoId: string, taskId: string | undefined) =>
  useQuery({
    queryKey: ['segments', videoId, 'found', taskId],
    queryFn: ({ signal }) => call('get', '/v1/videos/{id}/segments', { path: { id: videoId }, query: { task_id: taskId ?? '', source: 'model', limit: PAGE_ROWS }, signal }),
    enabled: taskId !== undefined,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });

/** What is shown is asked for again when `version` changes: there may be more of them. */
export function useFreshSegments(videoId: string, version: string): void {
  const seen = useRef(version);
  useEffect(() => {
    if (seen.current !== version) void queryClient.invalidateQueries({ queryKey: ['segments', videoId] });
    seen.current = version;
  }, [videoId, version]);
}

export const useOutline = (query: SegmentQuery) =>
  useQuery({
    queryKey: ['segments', query.videoId, 'outline', filterOf(query)],
    queryFn: ({ signal }) => call('get', '/v1/videos/{id}/segments/outline', { path: { id: query.videoId }, query: { ...filterOf(query), page_size: PAGE_ROWS }, signal }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });

const pageQuery = (query: SegmentQuery, outline: SegmentOutline | undefined, number: number) => {
  const cursor = outline?.pages[number]?.cursor ?? undefined;
  return {
    queryKey: ['segments', query.videoId, 'page', filterOf(query), outline?.task_id, cursor ?? 'first'],
    queryFn: ({ signal }: { signal: AbortSignal }) => call('get', '/v1/videos/{id}/segments', { path: { id: query.videoId }, query: { ...filterOf(query), limit: PAGE_ROWS, ...(cursor && { cursor }) }, signal }),
    staleTime: 60_000,
    gcTime: 60_000,
  };
};

/** The rows of one page. */
export const segmentPage = async (query: SegmentQuery, outline: SegmentOutline, number: number): Promise<readonly Segment[]> => (await queryClient.fetchQuery(pageQuery(query, outline, number))).data;

/** Rows of the pages with these numbers, as far as they have come; `undefined` for the others. */
export function useSegmentPages(query: SegmentQuery, outline: SegmentOutline | undefined, numbers: readonly number[]): (number: number) => readonly Segment[] | undefined {
  const known = numbers.filter((number) => outline?.pages[number] !== undefined);
  const pages = useQueries({ queries: known.map((number) => pageQuery(query, outline, number)) });
  return (number) => pages[known.indexOf(number)]?.data?.data;
}

/** The marks of a range, those of the range before until they have come. */
export const useMarks = (videoId: string, taskId: string | undefined, { start, end }: { readonly start: number; readonly end: number }) =>
  useQuery({
    queryKey: ['segments', videoId, 'marks', taskId, start, end],
    queryFn: async ({ signal }) =>
      (await call('get', '/v1/videos/{id}/segments/marks', { path: { id: videoId }, query: { ...(taskId && { task_id: taskId }), start_time: start, end_time: end, parts: PARTS }, signal })).data,
    placeholderData: keepPreviousData,
    structuralSharing: false, // thousands of marks take longer to compare than to draw
    staleTime: 60_000,
  });

/** Marks of the events that the model described, for a look at the whole; asked for while somebody looks. */
export const useEventStrip = ({ id, duration }: Video, version: string, inSight: boolean) =>
  useQuery({
    queryKey: ['segments', id, 'strip', version],
    queryFn: ({ signal }) => call('get', '/v1/videos/{id}/segments/marks', { path: { id }, query: { source: 'model', start_time: 0, end_time: duration, parts: STRIP_PARTS }, signal }),
    enabled: inSight,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });

export const segmentsFile = (videoId: string, format: string, taskId?: string): string =>
  addressOf('/v1/videos/{id}/segments', { id: videoId }, { format, source: 'model', ...(taskId && { task_id: taskId }) });
