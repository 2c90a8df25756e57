// The session of this browser: made from a key, kept by the service in a cookie.
import { problemOf, unreachable } from '../api/problem';

/** Rejects with an ApiProblem where the key is not one. */
export async function signIn(key: string): Promise<void> {
  const response = await fetch('/v1/session', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ key }) }).catch(() => {
    throw unreachable();
  });
  if (!response.ok) throw await problemOf(response);
}
