// The HTTP face of the API: errors as problem+json, checked input, the OpenAPI document and its page.
import { type INestApplication } from '@nestjs/common';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
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
import { describeApi } from './openapi/openapi.js';
import { answersPerson, pageErrors } from './page/index.js';
import { allowedMethods } from './platform/http/allowed-methods.js';
import { presetErrors } from './presets/index.js';
import { refuseCrossSite } from './platform/http/cross-site.js';
import { hearExpectations, refuseExpectations } from './platform/http/expectations.js';
import { DeclaredQuery } from './platform/http/declared-query.js';
import { cacheForCaller, securityHeaders } from './platform/http/headers.js';
import { refuseOtherBodies } from './platform/http/media-type.js';
import { outgoingErrors } from './platform/http/outgoing-request.js';
import { FRAMEWORK_CODES, ProblemFilter } from './platform/http/problem.filter.js';
import { recordRequest } from './platform/http/request-record.js';
import { validationPipe } from './platform/http/validation.pipe.js';
import { proxyErrors } from './proxies/index.js';
import { quotaErrors } from './quotas/index.js';
import { scanErrors } from './scans/index.js';
import { searchErrors } from './search/index.js';
import { trackErrors } from './tracks/index.js';
import { uploadErrors } from './uploads/index.js';
import { videoErrors } from './videos/index.js';
import { documentMessages, webhookErrors } from './webhooks/index.js';

const requestErrors = {
  'request.invalid': 400,
  'request.invalid_cursor': 400,
  'request.nested_too_deep': 400,
  'request.cross_site': 403,
  'request.too_many_values': 413,
  'request.unsupported_media_type': 415,
  'request.expectation_failed': 417,
  'database.unavailable': 503,
  'storage.not_found': 410,
};

const statuses = {
  ...FRAMEWORK_CODES,
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
  hearExpectations(app);
  app.use(recordRequest, securityHeaders, cacheForCaller, refuseExpectations, refuseCrossSite(corsOrigins), refuseOtherBodies);
  if (corsOrigins.length > 0) app.enableCors({ origin: [...corsOrigins], exposedHeaders: EXPOSED, maxAge: 600 });
  app.useGlobalGuards(new DeclaredQuery()); // after those of modules: first it is known who calls
  app.useGlobalPipes(validationPipe);
  app.useGlobalFilters(new ProblemFilter(statuses, withOpenAiError, (path) => allowedMethods(app, path), answersPerson));
  SwaggerModule.setup('docs', app, describeHttp(app, version), { jsonDocumentUrl: 'openapi.json' });
}

/** The OpenAPI document; the committed one, the types of the page and those of the client are made of it. */
export const describeHttp = (app: INestApplication, version: string): OpenAPIObject => documentMessages(documentFiles(describeApi(app, { version, statuses })));
