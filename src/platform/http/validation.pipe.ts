// Request bodies, queries and path parameters are checked by their zod schema; a fault names the field's path.
import { StandardSchemaValidationPipe } from '@nestjs/common';
import { AppError } from '../../app-error.js';

/** `request.invalid`: 400 with `errors: [{ path, message }]`. */
export const validationPipe = new StandardSchemaValidationPipe({
  exceptionFactory: (issues) => {
    const errors = issues.map((issue) => ({
      path: (issue.path ?? []).map((step) => String(typeof step === 'object' ? step.key : step)).join('.'),
      message: issue.message,
    }));
    const first = errors[0];
    const where = first?.path ? `${first.path}: ` : '';
    return new AppError('request.invalid', `${where}${first?.message ?? 'invalid'}`, { details: { errors } });
  },
});
