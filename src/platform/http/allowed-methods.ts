// Which methods a path takes, so that a wrong one is told from a path that leads nowhere.
import type { INestApplication } from '@nestjs/common';

/** What Express keeps of each route. */
interface Layer {
  readonly route?: { readonly methods: Readonly<Record<string, boolean>> };
  match(path: string): boolean;
}

/** As in `GET`; empty where no route has the path. Routes are there once the application is initialised. */
export function allowedMethods(app: INestApplication, path: string): string[] {
  const { router } = app.getHttpAdapter().getInstance() as { readonly router?: { readonly stack: readonly Layer[] } };
  const methods = (router?.stack ?? []).flatMap((layer) => (layer.route && layer.match(path) ? Object.keys(layer.route.methods) : []));
  const named = new Set(methods.map((method) => method.toUpperCase()));
  if (named.has('GET')) named.add('HEAD');
  return [...named].sort();
}
