// What is wrong with a value, in plain words: what zod finds, wherever a schema has no word of its own.
import { z } from 'zod';

/** Of a value that fits none of the forms that it may have. */
export const FITS_NOTHING = 'has none of the forms that it may have';

const TYPES: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

const FORMATS: Readonly<Record<string, string>> = {
  uuid: 'a UUID',
  url: 'a URL',
  datetime: 'a date and time such as 2026-01-31T12:00:00Z',
};

const UNITS: Readonly<Record<string, readonly [one: string, several: string]>> = {
  string: ['character', 'characters'],
  array: ['item', 'items'],
  set: ['item', 'items'],
  map: ['entry', 'entries'],
};

type Issue = Parameters<z.core.$ZodErrorMap>[0];
type Limit = { readonly origin: string; readonly limit: number | bigint; readonly inclusive: boolean | undefined; readonly exact: boolean | undefined };

function sizeWords({ origin, limit, exact }: Limit, bound: string): string | undefined {
  const unit = UNITS[origin]?.[Number(limit) === 1 ? 0 : 1];
  return unit === undefined ? undefined : `must have ${exact ? 'exactly' : bound} ${limit} ${unit}`;
}

const least = (limit: Limit): string => sizeWords(limit, 'at least') ?? (limit.inclusive === false ? `must be more than ${limit.limit}` : `must be ${limit.limit} or more`);
const most = (limit: Limit): string => sizeWords(limit, 'at most') ?? (limit.inclusive === false ? `must be less than ${limit.limit}` : `must be ${limit.limit} or less`);

/** Undefined where zod's own words have to do. */
function faultWords(issue: Issue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${TYPES[issue.expected] ?? `of type ${issue.expected}`}`;
    case 'invalid_value':
      return issue.values.length === 1 ? `must be ${String(issue.values[0])}` : `must be one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return least({ ...issue, limit: issue.minimum, inclusive: issue.inclusive, exact: issue.exact });
    case 'too_big':
      return most({ ...issue, limit: issue.maximum, inclusive: issue.inclusive, exact: issue.exact });
    case 'invalid_format':
      return FORMATS[issue.format] && `must be ${FORMATS[issue.format]}`;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'unrecognized_keys':
      return `has no ${issue.keys.length === 1 ? 'field' : 'fields'} ${issue.keys.join(', ')}`;
    case 'invalid_union':
      return Array.isArray(issue.options) && issue.options.length > 0 ? `must be one of ${issue.options.map(String).join(', ')}` : FITS_NOTHING;
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return undefined;
  }
}

z.config({ customError: faultWords });
