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

/** `videoName`: only videos whose name holds it; '' for all. */
export async function addAlert(query: string, videoName: string): Promise<void> {
  await call('post', '/v1/alerts', { body: { query, min_confidence: 0, enabled: true, filter: videoName === '' ? {} : { video_name: videoName } } });
  await refresh();
}

export async function enableAlert(id: string, enabled: boolean): Promise<void> {
  await call('patch', '/v1/alerts/{id}', { path: { id }, body: { enabled } });
  await refresh();
}

export async function deleteAlert(id: string): Promise<void> {
  await call('delete', '/v1/alerts/{id}', { path: { id } });
  await refresh();
}
