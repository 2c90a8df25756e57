// Examples for the document, made of its own schemas: one value for each name, so that examples agree with each other.
import type { OpenAPIObject } from '@nestjs/swagger';
import { createHash } from 'node:crypto';
import { routesOf } from './operations.js';
import { EXAMPLES, REQUESTS, VALUES } from './example-values.js';

/** What of JSON schema the document holds. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

interface MediaType {
  readonly schema?: Schema;
  example?: unknown;
}

const JSON_TYPE = 'application/json';

/** Adds, in place, an example to every schema that has a name and to every JSON body that may be sent or is answered without one. */
export function documentExamples(document: OpenAPIObject): void {
  const schemas = (document.components?.schemas ?? {}) as Record<string, Schema>;
  const sample = new Sampler(schemas);
  for (const [name, schema] of Object.entries(schemas)) Object.assign(schema, { examples: [EXAMPLES[name] ?? sample.of(schema, '', name)] });
  for (const { path, method, operation } of routesOf(document)) {
    const sent = contentOf(operation.requestBody)?.[JSON_TYPE];
    const request = REQUESTS[`${method} ${path}`];
    if (sent && request !== undefined) sent.example = request;
    for (const [status, response] of Object.entries(operation.responses)) {
      const answered = status.startsWith('2') ? contentOf(response)?.[JSON_TYPE] : undefined;
      if (answered?.schema && answered.schema.$ref === undefined) answered.example = sample.of(answered.schema);
    }
  }
}

const contentOf = (body: unknown): Record<string, MediaType> | undefined => (body as { content?: Record<string, MediaType> } | undefined)?.content;

class Sampler {
  constructor(private readonly schemas: Readonly<Record<string, Schema>>) {}

  /** `name`: of the property that holds it; `owner`: of the schema whose property it is. */
  of(schema: Schema, name = '', owner = ''): unknown {
    if (schema.$ref !== undefined) {
      const referred = schema.$ref.split('/').at(-1) ?? '';
      return this.of(this.schemas[referred] ?? {}, name, referred);
    }
    if (schema.const !== undefined) return schema.const;
    if (schema.allOf?.[0]) return this.of(schema.allOf[0], name, owner);
    if (schema.enum) return schema.enum.includes(VALUES[name]) ? VALUES[name] : schema.enum[0];
    const options = schema.anyOf ?? schema.oneOf ?? [];
    const [option] = options;
    if (option) return VALUES[name] === null && options.some(({ type }) => type === 'null') ? null : this.of(option, name, owner);
    if (schema.format === 'uuid') return uuid(name === 'id' ? `${snake(owner)}_id` : name);
    if (schema.properties) return this.object(schema.properties, owner);
    if (isOf(schema, VALUES[name])) return VALUES[name];
    return schema.type === 'array' && schema.items ? [this.of(schema.items, name, owner)] : plain(schema);
  }

  private object(properties: Readonly<Record<string, Schema>>, owner: string): unknown {
    return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, this.of(schema, name, owner)]));
  }
}

/** A name may mean a number here and a text there; an array counts where it is empty, or its first item is of the type. */
function isOf({ type, items, pattern }: Schema, value: unknown): boolean {
  if (type === 'array') return Array.isArray(value) && (value.length === 0 || items === undefined || isOf(items, value[0]));
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  if (type === 'string') return typeof value === 'string' && (pattern === undefined || new RegExp(pattern).test(value));
  return type !== undefined && typeof value === type;
}

/** Of what has no name in the table. */
function plain({ type, format, minimum = 0 }: Schema): unknown {
  switch ([type].flat()[0] ?? 'object') {
    case 'integer':
    case 'number':
      return minimum;
    case 'boolean':
      return false;
    case 'string':
      return format === 'date-time' ? '2026-03-02T09:30:00.000Z' : format === 'uri' ? 'https://example.com/' : 'text';
    case 'null':
      return null;
    default:
      return {};
  }
}

/** The same name, the same id: one of version 7. */
function uuid(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `019cae0f-${hex.slice(0, 4)}-7${hex.slice(4, 7)}-8${hex.slice(7, 10)}-${hex.slice(10, 22)}`;
}

const snake = (name: string): string => name.replace(/(?<=.)([A-Z])/g, '_$1').toLowerCase();
