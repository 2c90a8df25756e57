// Stops the start while there is a route that does not say what it asks of a caller.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { AppError } from '../app-error.js';
import { SCOPE_METADATA } from '../platform/http/access.js';

/** Nest marks the handlers of routes with it. */
const PATH = 'path';

@Injectable()
export class DeclaredScopes implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  /** Throws `access.scope_undeclared` with every such route. */
  onModuleInit(): void {
    const undeclared = this.discovery.getControllers().flatMap(({ metatype }) => (metatype ? this.undeclaredOf(metatype as Controller) : []));
    if (undeclared.length > 0) throw new AppError('access.scope_undeclared', `These routes need @RequireScope: ${undeclared.join(', ')}.`);
  }

  private undeclaredOf(controller: Controller): string[] {
    const prototype = controller.prototype as Record<string, Handler>;
    const handlers = this.scanner.getAllMethodNames(prototype).flatMap((name) => prototype[name] ?? []);
    const routes = handlers.filter((handler) => this.reflector.get<unknown>(PATH, handler) !== undefined);
    return routes.filter((route) => this.reflector.getAllAndOverride<unknown>(SCOPE_METADATA, [route, controller]) === undefined).map(({ name }) => `${controller.name}.${name}`);
  }
}

type Handler = (...parameters: unknown[]) => unknown;
type Controller = new (...parameters: unknown[]) => object;
