// Request bodies, queries and path parameters are checked by their zod schema; a fault names the field's path.
import { type ArgumentMetadata, StandardSchemaValidationPipe } from '@nestjs/common';
import { AppError } from '../../app-error.js';
import { FITS_NOTHING } from '../words.js';

type Path = readonly (PropertyKey | { readonly key: PropertyKey })[];

interface Issue {
  readonly message: string;
  readonly path?: Path | undefined;
  /** Of zod: which of its own checks failed, or `custom`. */
  readonly code?: string;
  /** Of a value that may be one of several things: what each of them finds wrong. */
  readonly errors?: readonly (readonly Issue[])[];
}

/** Of several things that a value may be, the one it comes closest to says what is wrong: the one that finds its fault deepest inside, then the one that finds the fewest. */
function closest({ path = [], ...issue }: Issue): Issue {
  const options = (issue.errors ?? []).flatMap((faults) => (faults[0] ? [{ fault: closest(faults[0]), faults: faults.length }] : []));
  const [{ fault: best } = {}] = options.sort((a, b) => (b.fault.path?.length ?? 0) - (a.fault.path?.length ?? 0) || a.faults - b.faults);
  return best?.path?.length && issue.message === FITS_NOTHING ? { ...best, path: [...path, ...best.path] } : { ...issue, path };
}

class InputPipe extends StandardSchemaValidationPipe {
  /** `request.invalid`: 400 with `errors: [{ path, message }]`; a path parameter is called by its name. */
  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    const { schema, type, data } = metadata;
    if (!schema || !this.toValidate(metadata)) return value;
    this.stripProtoKeys(value);
    const result = await this.validate(value, schema);
    if (!result.issues) return result.value as T;
    const [root, place] = type === 'param' && data !== undefined ? [[data], { [data]: value }] : [[], value];
    throw invalid(result.issues.map(closest).map((issue) => faultOf(place, { ...issue, path: [...root, ...(issue.path ?? [])] })));
  }
}

export const validationPipe = new InputPipe();

interface Fault {
  readonly path: string;
  readonly message: string;
}

function invalid(errors: readonly Fault[]): AppError {
  const [first] = errors;
  return new AppError('request.invalid', `${first?.path ? `${first.path}: ` : ''}${first?.message ?? 'invalid'}`, { details: { errors } });
}

function faultOf(value: unknown, { path = [], message, code }: Issue): Fault {
  const keys = path.map((step) => (typeof step === 'object' ? step.key : step));
  const isMissing = keys.length > 0 && code !== 'custom' && at(value, keys) === undefined;
  return { path: keys.map(String).join('.'), message: isMissing ? 'is required' : message };
}

const at = (value: unknown, keys: readonly PropertyKey[]): unknown =>
  keys.reduce<unknown>((inner, key) => (typeof inner === 'object' && inner !== null ? (inner as Record<PropertyKey, unknown>)[key] : undefined), value);
