// Where one signs in, and where one goes from there.
import { navigate, shownAddress } from '../address/address';
import { ApiProblem } from '../api/problem';
import { queryClient } from '../api/query-client';

export const SIGN_IN = '/sign-in';

/** Whatever is asked for without a session leads here, and from here back to where it was. */
export function watchForSignIn(): void {
  queryClient.getQueryCache().subscribe(({ query }) => {
    const error: unknown = query.state.error;
    if (error instanceof ApiProblem && error.status === 401 && location.pathname !== SIGN_IN) {
      navigate(`${SIGN_IN}?${new URLSearchParams({ to: shownAddress() }).toString()}`, { replace: true });
    }
  });
}

/** An address of this page; whatever else a link may have put there counts as the library. */
export function placeAfter(to: string): string {
  if (!URL.canParse(to, location.origin)) return '/';
  const { origin, pathname, search } = new URL(to, location.origin);
  return origin === location.origin && pathname !== SIGN_IN ? pathname + search : '/';
}
