// The keys of all tenants.
import { useQuery } from '@tanstack/react-query';
import { call } from './call';
import { queryClient } from './query-client';
import type { NewApiKey, Scope } from './resources';

const LATEST = 1000;
const apiKeysKey = ['api-keys'];

export const useApiKeys = () =>
  useQuery({ queryKey: apiKeysKey, queryFn: async ({ signal }) => (await call('get', '/v1/api-keys', { query: { limit: LATEST }, signal })).data });

export interface KeyRequest {
  readonly name: string;
  readonly tenant_id: string;
  readonly scopes: Scope[];
  readonly expires_at: string | null;
}

/** The text of the key is in this answer alone. */
export async function makeApiKey(body: KeyRequest): Promise<NewApiKey> {
  const made = await call('post', '/v1/api-keys', { body });
  await queryClient.invalidateQueries({ queryKey: apiKeysKey });
  return made;
}

/** `expiresAt` null: never. */
export async function changeExpiry(id: string, expiresAt: string | null): Promise<void> {
  await call('patch', '/v1/api-keys/{id}', { path: { id }, body: { expires_at: expiresAt } });
  await queryClient.invalidateQueries({ queryKey: apiKeysKey });
}

export async function revokeApiKey(id: string): Promise<void> {
  await call('delete', '/v1/api-keys/{id}', { path: { id } });
  await queryClient.invalidateQueries({ queryKey: apiKeysKey });
}
