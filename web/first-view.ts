// What a first visit costs: weighs the scripts of each view, refuses a heavy one, and stores everything compressed too.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Plugin, Rolldown } from 'vite';

/** Gzipped JavaScript that a view may need before it can be used. */
const MOST_BYTES = 250_000;

/** Prints what each view weighs; the build fails when one is too heavy. */
export function weighed(): Plugin {
  return {
    name: 'weighed',
    generateBundle(_options, bundle) {
      const chunks = new Map(Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file] as const] : [])));
      const entry = [...chunks.values()].find((chunk) => chunk.isEntry);
      if (!entry) return;
      const views = entry.dynamicImports.map((name) => ({ name: chunks.get(name)?.name ?? name, bytes: weight([entry.fileName, name], chunks) }));
      process.stderr.write(`Page, kB of JavaScript gzipped: ${views.map(({ name, bytes }) => `${name} ${(bytes / 1000).toFixed(0)}`).join(', ')}\n`);
      const heavy = views.find(({ bytes }) => bytes > MOST_BYTES);
      if (heavy) this.error(`${heavy.name} needs ${heavy.bytes} bytes of JavaScript, more than ${MOST_BYTES}.`);
    },
  };
}

/** Everything that the chunks import, each once. */
function weight(names: readonly string[], chunks: ReadonlyMap<string, Rolldown.OutputChunk>): number {
  const needed = new Set<string>();
  const need = (name: string): void => {
    if (needed.has(name)) return;
    needed.add(name);
    chunks.get(name)?.imports.forEach(need);
  };
  names.forEach(need);
  return [...needed].reduce((sum, name) => sum + gzipSync(chunks.get(name)?.code ?? '').length, 0);
}

export function compressed(): Plugin {
  return {
    name: 'compressed',
    writeBundle({ dir = '' }) {
      const folder = join(dir, 'assets');
      for (const name of readdirSync(folder).filter((file) => /\.(?:js|css)$/.test(file))) {
        writeFileSync(join(folder, `${name}.gz`), gzipSync(readFileSync(join(folder, name))));
      }
    },
  };
}
