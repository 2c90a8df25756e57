// Error codes of keys and their HTTP statuses.
import { AppError } from '../app-error.js';
import { type Scope } from '../platform/http/access.js';
import { type ErrorStatuses } from '../platform/http/problem.filter.js';

export const apiKeyErrors: ErrorStatuses = {
  'key.missing': 401,
  'key.invalid': 401,
  'key.expired': 401,
  'key.revoked': 401,
  'key.scope_missing': 403,
  'key.not_found': 404,
};

export const keyMissing = (): AppError => new AppError('key.missing', 'Send a key: Authorization: Bearer ss_…');

export const keyInvalid = (): AppError => new AppError('key.invalid', 'This is no key of this service.');

export const scopeMissing = (scope: Scope): AppError => new AppError('key.scope_missing', `The key does not have the scope ${scope}.`);
