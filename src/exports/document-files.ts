// Tells the OpenAPI document that each route with a `format` answers files too.
import type { OpenAPIObject } from '@nestjs/swagger';
import { FILE_FORMATS, formats } from './formats.js';

const files = Object.fromEntries(
  FILE_FORMATS.map((name) => [formats[name].mediaTypes[0], { schema: { type: 'string', description: `What format=${name} gives.` } }]),
);

/** Adds the media types of all files to the answers of those routes, in place. */
export function documentFiles(document: OpenAPIObject): OpenAPIObject {
  for (const { get } of Object.values(document.paths)) {
    const takesFormat = get?.parameters?.some((parameter) => 'name' in parameter && parameter.name === 'format');
    const answer = get?.responses['200'];
    if (takesFormat && answer && 'content' in answer) Object.assign(answer.content ?? {}, files);
  }
  return document;
}
