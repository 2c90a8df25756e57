// Writes the configuration down for people: `.env.example` and the table of docs/configuration.md.
import { configSchema } from './config.js';

interface Variable {
  readonly name: string;
  readonly description: string;
  readonly unit: string | undefined;
  /** The default as text; undefined when there is none. */
  readonly standard: string | undefined;
  /** What happens without a value where there is no fixed default. */
  readonly otherwise: string | undefined;
}

function variables(): Variable[] {
  return Object.entries(configSchema.shape).map(([name, schema]) => {
    const { description = '', unit, otherwise } = schema.meta() as { description?: string; unit?: string; otherwise?: string };
    const standard = String(schema.safeParse(undefined).data ?? ''); // an empty list is none
    return { name, description, unit, otherwise, standard: standard === '' ? undefined : standard };
  });
}

/** The text of `.env.example`: every variable, commented out, with its default. */
export function envExample(): string {
  const entries = variables().map(({ name, description, unit, standard, otherwise }) => {
    const facts = [unit && `Unit: ${unit}.`, otherwise && `Without it: ${otherwise}.`].filter(Boolean);
    return `# ${[description, ...facts].join(' ')}\n#${name}=${standard ?? ''}\n`;
  });
  return `# Copy to .env and uncomment what you change. Made from src/platform/config/config.ts.\n\n${entries.join('\n')}`;
}

/** The text of `docs/configuration.md`. */
export function configurationPage(): string {
  const rows = variables().map(({ name, description, unit, standard, otherwise }) => {
    const value = standard === undefined ? (otherwise ?? '') : `\`${standard}\``;
    return `| \`${name}\` | ${description} | ${value} | ${unit ?? ''} |`;
  });
  return `# Configuration

Environment variables. \`npx secondsight\` and \`npm run quickstart\` also read a \`.env\` file in the working directory and hand it to
the processes that they start; one that you start yourself reads its environment alone: \`node --env-file=.env dist/src/main.js\`.
Every process checks all variables when it starts and names every fault at once. Made from \`src/platform/config/config.ts\`; \`npx vitest run src/platform/config -u\` writes it anew.

| variable | what it does | default | unit |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}
