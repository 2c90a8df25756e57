// Questions that are put to every new video, and what they found.
import { useQuery } from '@tanstack/react-query';
import { call } from './call';
import { queryClient } from './query-client';

const LATEST = 100;
const alertsKey = ['alerts'];

export const useAlerts = () =>
  useQuery({ queryKey: alertsKey, queryFn: async ({ signal }) => (await call('get', '/v1/alerts', { query: { limit: LATEST }, signal })).data });

/** The moments that an alert found, newest first. */
export const useMatches = (id: string) =>
  useQuery({ queryKey: [...alertsKey, id], queryFn: async ({ signal }) => (await call('get', '/v1/alerts/{id}/matches', { path: { id }, query: { limit: LATEST }, signal })).data });

const refresh = (): Promise<void> => queryClient.invalidateQueries({ queryKey: alertsKey });

export interface NewAlert {
  readonly query: string;
  /** Only videos whose name holds it; '' for all. */
  readonly videoName: string;
  /** Moments that are less sure are not told of, 0 to 1. */
  readonly minConfidence: number;
}

export async function addAlert({ query, videoName, minConfidence }: NewAlert): Promise<void> {
  await call('post', '/v1/alerts', { body: { query, min_confidence: minConfidence, enabled: true, filter: videoName === '' ? {} : { video_name: videoName } } });
  await refresh();
}

export async function changeAlert(id: string, change: { readonly enabled: boolean } | { readonly min_confidence: number }): Promise<void> {
  await call('patch', '/v1/alerts/{id}', { path: { id }, body: change });
  await refresh();
}

export async function deleteAlert(id: string): Promise<void> {
  await call('delete', '/v1/alerts/{id}', { path: { id } });
  await refresh();
}
