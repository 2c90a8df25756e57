// Translates bench/ into dist/bench, for the commands that run what is in it.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { root } from './install.mjs';

/** Types are checked by `npm run typecheck`; here they are only taken away. */
export async function translateBenches() {
  const { default: typescript } = await import('typescript');
  const compilerOptions = { target: typescript.ScriptTarget.ES2022, module: typescript.ModuleKind.ESNext };
  for (const entry of readdirSync(resolve(root, 'bench'), { recursive: true })) {
    if (!entry.endsWith('.ts') || entry.endsWith('.spec.ts')) continue;
    const { outputText } = typescript.transpileModule(readFileSync(resolve(root, 'bench', entry), 'utf8'), { compilerOptions, fileName: entry });
    const target = resolve(root, 'dist/bench', entry.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, outputText);
  }
}
