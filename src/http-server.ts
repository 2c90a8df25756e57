// The HTTP face of the API: errors as problem+json, checked input, the OpenAPI document and its page.
import { type INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { apiKeyErrors } from './api-keys/index.js';
import { alertErrors } from './alerts/index.js';
import { analysisErrors } from './analysis/index.js';
import { chatErrors, withOpenAiError } from './chat/index.js';
import { clipErrors } from './clips/index.js';
import { cutErrors } from './cuts/index.js';
import { idempotencyErrors } from './idempotency/index.js';
import { documentFiles, exportErrors } from './exports/index.js';
import { feedbackErrors } from './feedback/index.js';
import { momentErrors } from './moments/index.js';
import { pageErrors } from './page/index.js';
import { presetErrors } from './presets/index.js';
import { BEARER } from './platform/http/access.js';
import { refuseCrossSite } from './platform/http/cross-site.js';
import { cacheForCaller, securityHeaders } from './platform/http/headers.js';
import { refuseOtherBodies } from './platform/http/media-type.js';
import { outgoingErrors } from './platform/http/outgoing-request.js';
import { ProblemFilter } from './platform/http/problem.filter.js';
import { recordRequest } from './platform/http/request-record.js';
import { validationPipe } from './platform/http/validation.pipe.js';
import { proxyErrors } from './proxies/index.js';
import { quotaErrors } from './quotas/index.js';
import { scanErrors } from './scans/index.js';
import { searchErrors } from './search/index.js';
import { trackErrors } from './tracks/index.js';
import { uploadErrors } from './uploads/index.js';
import { videoErrors } from './videos/index.js';
import { webhookErrors } from './webhooks/index.js';

const requestErrors = {
  'request.invalid': 400,
  'request.invalid_cursor': 400,
  'request.nested_too_deep': 400,
  'request.cross_site': 403,
  'request.too_many_values': 413,
  'request.unsupported_media_type': 415,
  'storage.not_found': 410,
};

const statuses = {
  ...requestErrors,
  ...apiKeyErrors,
  ...idempotencyErrors,
  ...quotaErrors,
  ...outgoingErrors,
  ...videoErrors,
  ...uploadErrors,
  ...scanErrors,
  ...trackErrors,
  ...analysisErrors,
  ...presetErrors,
  ...exportErrors,
  ...momentErrors,
  ...searchErrors,
  ...feedbackErrors,
  ...clipErrors,
  ...cutErrors,
  ...proxyErrors,
  ...pageErrors,
  ...webhookErrors,
  ...alertErrors,
  ...chatErrors,
};

/** What a page of another origin may read besides the body. */
const EXPOSED = ['X-Request-Id', 'ETag', 'Location', 'Retry-After', 'RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset', 'Idempotent-Replayed', 'WWW-Authenticate', 'X-Frame-Seconds', 'Content-Disposition'];

/** Configures an application before it listens; it is created without a body parser, as bodies are read once it is known who calls. */
export function configureHttp(app: INestApplication, version: string, corsOrigins: readonly string[] = []): void {
  app.use(recordRequest, securityHeaders, cacheForCaller, refuseCrossSite(corsOrigins), refuseOtherBodies);
  if (corsOrigins.length > 0) app.enableCors({ origin: [...corsOrigins], exposedHeaders: EXPOSED, maxAge: 600 });
  app.useGlobalPipes(validationPipe);
  app.useGlobalFilters(new ProblemFilter(statuses, withOpenAiError));
  SwaggerModule.setup('docs', app, describeHttp(app, version), { jsonDocumentUrl: 'openapi.json' });
}

/** The OpenAPI document; the types of the page are made of it. */
export function describeHttp(app: INestApplication, version: string): OpenAPIObject {
  const document = new DocumentBuilder()
    .setTitle('secondsight')
    .setDescription('Ask a video when something happens. Times are seconds from the first presented frame.')
    .setVersion(version)
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'A key of the API; on a service that only its own machine reaches, none is needed.' }, BEARER)
    .build();
  return documentFiles(withProblems(SwaggerModule.createDocument(app, document)));
}

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header' as const,
  required: false,
  description: 'Sent again with the same key within 24 hours, the request is answered as before (Idempotent-Replayed: true) and not done again.',
  schema: { type: 'string', maxLength: 255 },
};

/** Every operation may answer with a problem, and every POST may be sent again. */
function withProblems(document: OpenAPIObject): OpenAPIObject {
  const schema = {
    type: 'object',
    required: ['type', 'title', 'status', 'code', 'detail'],
    properties: {
      ...{ type: { type: 'string' }, title: { type: 'string' }, status: { type: 'integer' }, detail: { type: 'string' } },
      code: { type: 'string', description: 'Stable, as in `video.not_found`: what a program should look at.' },
      errors: {
        type: 'array',
        description: 'What is wrong where, in a body, a query or a path that is not as it should be.',
        items: { type: 'object', required: ['path', 'message'], properties: { path: { type: 'string', description: 'Names and places with dots between them.' }, message: { type: 'string' } } },
      },
    },
  };
  const response = { description: 'What went wrong (RFC 9457).', content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } };
  for (const path of Object.values(document.paths)) {
    for (const method of ['get', 'head', 'options', 'post', 'put', 'patch', 'delete'] as const) {
      const operation = path[method];
      if (operation) operation.responses = { ...operation.responses, default: response };
      if (operation && method === 'post') operation.parameters = [...(operation.parameters ?? []), IDEMPOTENCY_KEY];
    }
  }
  return { ...document, components: { ...document.components, schemas: { ...document.components?.schemas, Problem: schema } } };
}
