// The session of this browser: made from a key, kept by the service in a cookie.
import { useQuery } from '@tanstack/react-query';
import { call } from '../api/call';
import { queryClient } from '../api/query-client';
import type { Scope } from '../api/resources';

export const useSession = () => useQuery({ queryKey: ['session'], queryFn: ({ signal }) => call('get', '/v1/session', { signal }), staleTime: 60_000 });

/** Whether the key of this session allows something; nothing is known before the session is. */
export function useScopes(): (scope: Scope) => boolean {
  const { data: session } = useSession();
  return (scope) => session?.scopes.some((given) => given === scope || given === 'admin') ?? false;
}

/** Rejects with an ApiProblem where the key is not one. */
export async function signIn(key: string): Promise<void> {
  await call('post', '/v1/session', { body: { key } });
  await queryClient.resetQueries();
}

/** What was read under the key is forgotten. */
export async function signOut(): Promise<void> {
  await call('delete', '/v1/session');
  await queryClient.resetQueries();
}
