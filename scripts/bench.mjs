// `npm run bench -- NAME`: installs and builds where needed, translates bench/ into dist/bench, and runs one bench.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { install, root } from './install.mjs';
import { build } from './build.mjs';

if (!install() || !build()) process.exit(1);
await translate();
const { main } = await import('../dist/bench/main.js');
const code = await main(process.argv.slice(2));
process.stdout.write('', () => process.exit(code));

/** Types are checked by `npm run typecheck`; here they are only taken away. */
async function translate() {
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
