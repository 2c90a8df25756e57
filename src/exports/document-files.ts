// Tells the OpenAPI document that each route with a `format`, in its query or in the body of an export, answers files too.
import type { OpenAPIObject } from '@nestjs/swagger';
import { FILE_FORMATS, formats } from './formats.js';

const files = Object.fromEntries(
  FILE_FORMATS.map((name) => [formats[name].mediaTypes[0], { schema: { type: 'string', description: `What format=${name} gives.` } }]),
);

/** Adds the media types of all files to the answers of those routes, in place. */
export function documentFiles(document: OpenAPIObject): OpenAPIObject {
  for (const [path, { get, post }] of Object.entries(document.paths)) {
    const takesFormat = get?.parameters?.some((parameter) => 'name' in parameter && parameter.name === 'format');
    const exporting = path.endsWith('/export') ? post : takesFormat ? get : undefined;
    const answer = exporting?.responses['200'];
    if (answer && 'content' in answer) Object.assign(answer.content ?? {}, files);
  }
  return document;
}
