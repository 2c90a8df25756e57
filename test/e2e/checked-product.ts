// The running product as its document describes it: reached through Stoplight Prism, which must find nothing that differs.
import { openPrismDoor, type PrismDoor } from './prism-door.js';
import { type RunningProduct, startProduct } from './running-product.js';

/** As `startProduct`; stopping it fails where anything differed from docs/openapi.json. */
export async function startCheckedProduct(...options: Parameters<typeof startProduct>): Promise<RunningProduct> {
  const product = await startProduct(...options);
  const door = await openPrismDoor(product.baseUrl);
  return {
    ...product,
    baseUrl: door.url,
    async stop() {
      await product.stop();
      await door.stop();
      requireNoViolation(door);
    },
  };
}

function requireNoViolation({ counts, violations }: PrismDoor): void {
  const what = Object.entries(counts).map(([kind, count]) => `${count} ${kind}`);
  process.stderr.write(`Requests: ${what.join(', ')}; ${violations.length} violations\n`);
  if (violations.length > 0) throw new Error(`The product differs from docs/openapi.json:\n${[...new Set(violations)].join('\n')}`);
}
