// The OpenAPI document: committed as the code makes it, whole, and kept to whatever anybody sends. That answers keep to it, the e2e suite tells.
import fc from 'fast-check';
import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiTexts, documentFile, typesFiles } from '../../scripts/api-types.mjs';
import { startCheckedProduct } from '../e2e/checked-product.js';
import { type RunningProduct } from '../e2e/running-product.js';
import { temporaryFolder } from '../medium/servers.js';
import { type Definitions, type JsonSchema, valuesOf } from './schema-arbitrary.js';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly schema: JsonSchema;
}

interface MediaType {
  readonly schema?: JsonSchema;
  readonly example?: unknown;
}

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly 'x-scope': string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, MediaType>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, MediaType>> }>>;
}

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema & { readonly examples?: readonly unknown[] }>> };
}

const document = JSON.parse(await readFile(documentFile, 'utf8')) as Document;
const definitions: Definitions = document.components.schemas;
const ROUTES = Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })));

describe('the document', () => {
  it('is committed as it is made of the schemas that validate, and so are the types of the page and of the client', async () => {
    const { document: text, types } = await apiTexts();
    expect(await readFile(documentFile, 'utf8'), 'run npm run api-types').toBe(text);
    for (const file of typesFiles) expect(await readFile(file, 'utf8'), 'run npm run api-types').toBe(types);
  });

  it('says of every operation what it is called and does, who may call it, and what it answers, refusals too', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(new Set(ROUTES.map(({ operation }) => operation.operationId)).size).toBe(ROUTES.length);
    for (const { method, path, operation } of ROUTES) {
      expect([operation.operationId, operation.summary, operation['x-scope']], `${method} ${path}`).toEqual([expect.stringMatching(/^[a-z]\w+$/), expect.stringMatching(/\w/), expect.stringMatching(/\w/)]);
      expect(operation.responses, `${method} ${path}`).toHaveProperty('default');
      expect(Object.keys(operation.responses).some((status) => /^[23]/.test(status)), `${method} ${path}`).toBe(true);
      if (operation['x-scope'] !== 'public') expect(Object.keys(operation.responses), `${method} ${path}`).toEqual(expect.arrayContaining(['401', '403']));
      if (operation.requestBody?.content['application/json']) expect(operation.requestBody.content['application/json'].example, `${method} ${path}`).toBeDefined();
    }
  });

  it('has examples that are what it says', () => {
    const isValid = validator();
    const bodies = ROUTES.flatMap(({ operation }) => [operation.requestBody, ...Object.values(operation.responses)]).flatMap((body) => Object.values(body?.content ?? {}));
    const examples = [
      ...Object.entries(document.components.schemas).flatMap(([name, { examples = [] }]) => examples.map((example) => [{ $ref: `#/components/schemas/${name}` }, example] as const)),
      ...bodies.flatMap(({ schema, example }) => (schema && example !== undefined ? [[schema, example] as const] : [])),
    ];
    expect(examples.length).toBeGreaterThan(Object.keys(definitions).length);
    for (const [schema, example] of examples) expect(isValid(schema, example), JSON.stringify(example).slice(0, 300)).toEqual([]);
  });
});

type Ajv = new (options: object) => { compile(schema: object): ((value: unknown) => boolean) & { errors?: unknown[] | null } };

/** That of Prism: what is wrong with a value, if anything. */
function validator(): (schema: JsonSchema, value: unknown) => unknown[] {
  const ofPrism = createRequire(createRequire(import.meta.url).resolve('@stoplight/prism-http'));
  const { default: Ajv2020 } = ofPrism('ajv/dist/2020') as { default: Ajv };
  const { default: addFormats } = ofPrism('ajv-formats') as { default: (ajv: object) => void };
  const ajv = new Ajv2020({ strict: false });
  addFormats(ajv);
  return (schema, value) => {
    const validate = ajv.compile({ ...schema, components: document.components });
    return validate(value) ? [] : (validate.errors ?? []);
  };
}

describe('whatever is sent', () => {
  /** Of each route; FUZZ_RUNS=500 takes minutes. */
  const RUNS = Number(process.env['FUZZ_RUNS'] ?? 25);
  const SEED = 20_261_128;
  const PATIENCE_MS = 30_000;
  /** Of a step of a path or a value of a query: more than that no server reads of all headers. */
  const MOST_CHARACTERS = 1000;

  let product: RunningProduct;
  const folder = temporaryFolder();
  beforeAll(async () => {
    mkdirSync(join(folder, 'no-model'));
    product = await startCheckedProduct({ DATA_DIR: folder, MODEL_DIR: join(folder, 'no-model'), UPLOAD_MAX_BYTES: '1000000' }, { withoutWorker: true });
  });
  afterAll(() => product?.stop());

  const of = (operation: Operation, place: Parameter['in']): fc.Arbitrary<Record<string, unknown>> => {
    const drawn = (operation.parameters ?? []).filter((each) => each.in === place).map(({ name, schema }) => [name, valuesOf(schema, definitions)] as const);
    return place === 'path' ? fc.record(Object.fromEntries(drawn)) : fc.record(Object.fromEntries(drawn), { requiredKeys: [] });
  };
  const isSmall = (body: unknown): body is { wait?: unknown } => typeof body === 'object' && body !== null && !Array.isArray(body);

  it.each(ROUTES.filter(({ operation }) => operation.requestBody?.content['application/json'] || operation.parameters?.some((each) => each.in === 'query')))(
    '$method $path is answered as the document says, and tells nothing of the machine',
    async ({ method, path, operation }) => {
      const schema = operation.requestBody?.content['application/json']?.schema;
      const requests = fc.record({ path: of(operation, 'path'), query: of(operation, 'query'), body: schema ? valuesOf(schema, definitions) : fc.constant(undefined) });
      const property = fc.asyncProperty(requests, async (drawn) => {
        const target = path.replace(/\{(\w+)\}/g, (_match, name: string) => encodeURIComponent(asText(drawn.path[name]) || '-'));
        const query = new URLSearchParams(Object.entries(drawn.query).map(([name, value]): [string, string] => [name, asText(value)])).toString();
        const body = isSmall(drawn.body) && 'wait' in drawn.body ? { ...drawn.body, wait: 0 } : drawn.body; // nobody answers here
        const sent = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
        const response = await fetch(`${product.baseUrl}${target}?${query}`, { method, ...sent, signal: AbortSignal.timeout(PATIENCE_MS) });
        const text = await response.text();
        expect(text).not.toMatch(/node_modules|(?:\\n|\n) +at |\/src\/|dist\//);
        if (response.status < 400) return;
        const problem = JSON.parse(text) as { code: string; status: number };
        expect(problem.status).toBe(response.status);
        expect(problem.code).not.toBe('server.internal');
        if (response.status >= 500) expect(Object.keys(operation.responses)).toContain(String(response.status));
      });
      await fc.assert(property, { numRuns: RUNS, seed: SEED });
    },
  );

  const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value)).replace(/\p{Surrogate}|\//gu, '').slice(0, MOST_CHARACTERS);
});
