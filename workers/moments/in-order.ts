// Work on many things, several at a time, told in the order in which they were given.

/** Rejects with the first failure, once what was begun has ended; nothing more is begun then. */
export async function inOrder<Item, Value>(items: readonly Item[], atOnce: number, work: (item: Item) => Promise<Value>): Promise<Value[]> {
  const values: Value[] = [];
  const waiting = items.entries();
  let fault: { readonly error: unknown } | undefined;
  const lane = async (): Promise<void> => {
    for (let next = waiting.next(); !next.done && !fault; next = waiting.next()) {
      const [k, item] = next.value;
      try {
        values[k] = await work(item);
      } catch (error) {
        fault ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane));
  if (fault) throw (fault as { error: unknown }).error;
  return values;
}
