// What has to be written before kinds can be tried.
import type { FieldFault } from '../api/problem';
import type { Draft } from './draft';

const MISSING = 'is missing';

export const missingOf = ({ kinds }: Draft): FieldFault[] =>
  kinds.flatMap(({ name, description, fields }, at) => {
    const kind = `segment_definitions.${at}`;
    const named = { [`${kind}.name`]: name, [`${kind}.description`]: description, ...Object.fromEntries(fields.map((field, index) => [`${kind}.fields.${index}.name`, field.name])) };
    return Object.entries(named).flatMap(([path, text]) => (text.trim() === '' ? [{ path, message: MISSING }] : []));
  });
