// Front door of the domain of keys: who may do what.
export { requireScope } from './access.guard.js';
export { ApiKey } from './api-key.entity.js';
export { apiKeyErrors } from './api-keys.errors.js';
export { ApiKeysModule } from './api-keys.module.js';
export { Authentication } from './authentication.js';
export { KeyHasher } from './key-hash.js';
export { ApiKeysService } from './api-keys.service.js';
export { RateLimit } from './rate-limit.js';
