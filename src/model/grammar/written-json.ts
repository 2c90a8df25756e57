// JSON as models write it and as templates show it to them: with a space after each colon and comma.

/** @example writtenJson({ a: [1, 2] }) // {"a": [1, 2]} */
export function writtenJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(writtenJson).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, each]) => each !== undefined);
  return `{${members.map(([key, each]) => `${JSON.stringify(key)}: ${writtenJson(each)}`).join(', ')}}`;
}
