// The OpenAPI 3.1 document of the API, made of the schemas that validate, the scopes and the codes of problems.
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { BEARER } from '../platform/http/access.js';
import { type ErrorStatuses } from '../platform/http/problem.filter.js';
import { documentExamples } from './examples.js';
import { jsonSchemaOf } from './json-schema.js';
import { routesOf } from './operations.js';
import { documentProblems } from './problems.js';

const TAGS: Readonly<Record<string, string>> = {
  videos: 'Videos: how they come in, what is measured of each without a model, and the captions that come with them.',
  analysis: 'Tasks and batches: who looks at what, and how closely.',
  segments: 'The stored events of a video.',
  moments: 'When something happens, asked of one video, and what people say of the answers.',
  search: 'Across all videos.',
  clips: 'Clips of several videos as one file.',
  chat: "OpenAI's chat completions about pictures and videos.",
  alerts: 'Queries that are put to every new video.',
  webhooks: 'Who is told of what, signed as Standard Webhooks say.',
  access: 'Keys, and who calls.',
  operation: 'How the service fares, and how long videos are kept.',
};

export interface DocumentFacts {
  readonly version: string;
  /** Of every code that a problem may have. */
  readonly statuses: ErrorStatuses;
}

/** Of an application that is created, not necessarily started. */
export function describeApi(app: INestApplication, { version, statuses }: DocumentFacts): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('secondsight')
    .setDescription('Ask a video when something happens. Times are seconds from the first presented frame.')
    .setVersion(version)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/', 'Where this document comes from.')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'A key of the API; on a service that only its own machine reaches, none is needed.' }, BEARER);
  for (const [name, description] of Object.entries(TAGS)) builder.addTag(name, description);
  const document = SwaggerModule.createDocument(app, builder.build(), { standardSchemaConverter: jsonSchemaOf, operationIdFactory });
  documentRepeats(document);
  documentUnchanged(document);
  splitBodies(document);
  nameStatuses(document);
  documentProblems(document, statuses);
  documentExamples(document);
  return document;
}

/** `TasksController.create` is `tasksCreate`; a second path of the same method says that it is of one. */
const operationIdFactory = (controller: string, method: string): string => {
  const noun = controller.replace(/Controller$/, '');
  const verb = method.replace('[0]', '').replace(/\[\d+\]/, 'OfOne');
  return noun.charAt(0).toLowerCase() + noun.slice(1) + verb.charAt(0).toUpperCase() + verb.slice(1);
};

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header' as const,
  required: false,
  description: 'Sent again with the same key within 24 hours, the request is answered as before (Idempotent-Replayed: true) and not done again.',
  schema: { type: 'string', maxLength: 255 },
};

/** Every POST may be sent again. */
function documentRepeats(document: OpenAPIObject): void {
  for (const { method, operation } of routesOf(document)) {
    if (method === 'post') operation.parameters = [...(operation.parameters ?? []), IDEMPOTENCY_KEY];
  }
}

/** Whatever is read of the API has an ETag. */
function documentUnchanged(document: OpenAPIObject): void {
  for (const { path, method, operation } of routesOf(document)) {
    if (method === 'get' && path.startsWith('/v1/')) operation.responses['304'] = { description: 'The same as what has the ETag of If-None-Match.' };
  }
}

/** A form and JSON that hold different things are written as one of several, the form first: each has its own schema. */
function splitBodies(document: OpenAPIObject): void {
  for (const { operation } of routesOf(document)) {
    const { requestBody } = operation;
    const content = requestBody && 'content' in requestBody ? requestBody.content : {};
    const { 'multipart/form-data': form, 'application/json': json } = content;
    const [ofForm, ...ofJson] = (form?.schema && 'oneOf' in form.schema && form.schema.oneOf) || [];
    if (form && json && ofForm) Object.assign(content, { 'multipart/form-data': { ...form, schema: ofForm }, 'application/json': { ...json, schema: { oneOf: ofJson } } });
  }
}

const STATUS_NAMES: Readonly<Record<string, string>> = { 200: 'Done.', 201: 'Made.', 202: 'Accepted: it goes on by itself.', 204: 'Done; there is nothing to say.' };

/** A response that nobody described says at least what its status means. */
function nameStatuses(document: OpenAPIObject): void {
  for (const { operation } of routesOf(document)) {
    for (const [status, response] of Object.entries(operation.responses)) {
      if (response && 'description' in response) response.description ||= STATUS_NAMES[status] ?? '';
    }
  }
}
