// What is stored, how long it is kept, and what that would free.
import { useQuery } from '@tanstack/react-query';
import { call } from './call';
import { queryClient } from './query-client';

const storageKey = ['storage'];

export const useStorage = () => useQuery({ queryKey: storageKey, queryFn: ({ signal }) => call('get', '/v1/storage', { signal }), refetchInterval: 30_000 });

export interface Ages {
  readonly content_days: number | null;
  readonly video_days: number | null;
}

export async function setRetention(tenant: string, body: Ages): Promise<void> {
  await call('put', '/v1/tenants/{tenant}/retention', { path: { tenant }, body });
  await queryClient.invalidateQueries({ queryKey: storageKey });
}

export async function removeRetention(tenant: string): Promise<void> {
  await call('delete', '/v1/tenants/{tenant}/retention', { path: { tenant } });
  await queryClient.invalidateQueries({ queryKey: storageKey });
}
