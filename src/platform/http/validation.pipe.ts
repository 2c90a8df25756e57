// Request bodies, queries and path parameters are checked by their zod schema; a fault names the field's path.
import { StandardSchemaValidationPipe } from '@nestjs/common';
import { AppError } from '../../app-error.js';

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  /** Of a value that may be one of several things: what each of them finds wrong. */
  readonly errors?: readonly (readonly Issue[])[];
}

/** Of several things that a value may be, the one it comes closest to says what is wrong: the one that finds its fault deepest inside, then the one that finds the fewest. */
function closest({ path = [], ...issue }: Issue): Issue {
  const options = (issue.errors ?? []).flatMap((faults) => (faults[0] ? [{ fault: closest(faults[0]), faults: faults.length }] : []));
  const [{ fault: best } = {}] = options.sort((a, b) => (b.fault.path?.length ?? 0) - (a.fault.path?.length ?? 0) || a.faults - b.faults);
  return best?.path?.length ? { ...best, path: [...path, ...best.path] } : { ...issue, path };
}

/** `request.invalid`: 400 with `errors: [{ path, message }]`. */
export const validationPipe = new StandardSchemaValidationPipe({
  exceptionFactory: (issues) => {
    const errors = issues.map(closest).map((issue) => ({
      path: (issue.path ?? []).map((step) => String(typeof step === 'object' ? step.key : step)).join('.'),
      message: issue.message,
    }));
    const first = errors[0];
    const where = first?.path ? `${first.path}: ` : '';
    return new AppError('request.invalid', `${where}${first?.message ?? 'invalid'}`, { details: { errors } });
  },
});
