// Tests of the task resource.
import { expect, it } from 'vitest';
import { presentWarnings } from './task.schema.js';

const warnings = (count: number) => Array.from({ length: count }, (_, k) => ({ code: 'answer.unparsed', message: 'x', start_time: k }));

it('a hundred warnings are listed; of more, the last entry counts the rest', () => {
  expect(presentWarnings(warnings(100))).toEqual(warnings(100));
  const many = presentWarnings(warnings(350));
  expect(many.slice(0, -1)).toEqual(warnings(100));
  expect(many.at(-1)).toEqual({ code: 'task.more_warnings', message: '250 more warning(s) are not listed.' });
});
