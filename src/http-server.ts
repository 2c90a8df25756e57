// The HTTP face of the API: errors as problem+json, checked input, the OpenAPI document and its page.
import { type INestApplication } from '@nestjs/common';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { analysisErrors } from './analysis/index.js';
import { documentFiles, exportErrors } from './exports/index.js';
import { momentErrors } from './moments/index.js';
import { refuseCrossSite } from './platform/http/cross-site.js';
import { refuseOtherBodies } from './platform/http/media-type.js';
import { ProblemFilter } from './platform/http/problem.filter.js';
import { validationPipe } from './platform/http/validation.pipe.js';
import { scanErrors } from './scans/index.js';
import { SEARCH_BODY_BYTES, searchErrors } from './search/index.js';
import { trackErrors } from './tracks/index.js';
import { videoErrors } from './videos/index.js';

const requestErrors = { 'request.invalid': 400, 'request.invalid_cursor': 400, 'request.cross_site': 403, 'request.unsupported_media_type': 415 };

const statuses = {
  ...requestErrors,
  ...videoErrors,
  ...scanErrors,
  ...trackErrors,
  ...analysisErrors,
  ...exportErrors,
  ...momentErrors,
  ...searchErrors,
};

/** Configures an application before it listens. */
export function configureHttp(app: INestApplication, version: string): void {
  app.use(refuseCrossSite, refuseOtherBodies);
  // a search may bring a picture; whatever else is sent is small
  const express = app as NestExpressApplication;
  express.useBodyParser('json', { limit: SEARCH_BODY_BYTES, type: isSearch });
  express.useBodyParser('json');
  app.useGlobalPipes(validationPipe);
  app.useGlobalFilters(new ProblemFilter(statuses));
  const document = new DocumentBuilder()
    .setTitle('secondsight')
    .setDescription('Ask a video when something happens. Times are seconds from the first presented frame.')
    .setVersion(version)
    .build();
  SwaggerModule.setup('docs', app, documentFiles(SwaggerModule.createDocument(app, document)), { jsonDocumentUrl: 'openapi.json' });
}

const isSearch = ({ url = '', headers }: { url?: string | undefined; headers: { 'content-type'?: string | undefined } }): boolean =>
  /^\/v1\/search\/?(?:\?|$)/.test(url) && /^application\/json\b/i.test(headers['content-type'] ?? '');
