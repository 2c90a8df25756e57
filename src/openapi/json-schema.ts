// Turns the zod schemas that validate into the JSON schemas of OpenAPI 3.1.
import { z } from 'zod';

type JsonSchema = Record<string, unknown>;

/** What zod adds as `pattern` beside a format says nothing more, at length; so do the bounds of what a number can hold. */
const SAID_BY_FORMAT = new Set(['uuid', 'date-time', 'uri']);

/** For SwaggerModule: the schema itself, and the named ones that it refers to. `input`: what may be sent, before defaults and transforms. */
export function jsonSchemaOf(schema: unknown, { schemaType }: { schemaType: 'input' | 'output' }) {
  const { $schema: _dialect, $defs, ...own } = z.toJSONSchema(schema as z.ZodType, {
    target: 'draft-2020-12',
    io: schemaType,
    override: ({ jsonSchema }) => {
      if (SAID_BY_FORMAT.has(jsonSchema.format ?? '')) delete jsonSchema.pattern;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  return { schema: own as JsonSchema, components: ($defs ?? {}) as Record<string, JsonSchema> };
}
