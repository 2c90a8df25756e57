// An instant as this browser writes it.
export function When({ at, never = 'never' }: { readonly at: string | null; readonly never?: string }) {
  return at === null ? <>{never}</> : <time dateTime={at}>{new Date(at).toLocaleString()}</time>;
}
