// Who changed what, page by page, newest first.
import { useInfiniteQuery } from '@tanstack/react-query';
import { call } from './call';
import type { AuditAction } from './resources';

const PAGE = 50;

/** Each '' for all. */
export interface AuditFilter {
  readonly action: string;
  readonly keyId: string;
  readonly subjectId: string;
}

export const useAudit = ({ action, keyId, subjectId }: AuditFilter) =>
  useInfiniteQuery({
    queryKey: ['audit', action, keyId, subjectId],
    queryFn: ({ pageParam, signal }) =>
      call('get', '/v1/audit', {
        query: { limit: PAGE, ...(action !== '' && { action: action as AuditAction }), ...(keyId !== '' && { key_id: keyId }), ...(subjectId !== '' && { subject_id: subjectId }), ...(pageParam !== '' && { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: ({ next_cursor: next }) => next ?? undefined,
    staleTime: 5000,
  });
