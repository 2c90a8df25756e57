// Tests of what is taken out of the log.
import { describe, expect, it } from 'vitest';
import { createRedaction } from './redact.js';

const key = `ss_live_${'0123456789abcdef'.repeat(2)}_${'Ab1'.repeat(14)}Z`;
const redact = createRedaction({ WEBHOOK_KEY: 'a passphrase of the operator', PATH: '/usr/bin:/bin/other', API_KEY_ENV: 'live' });

describe('the redaction', () => {
  it.each([
    [`{"msg":"refused ${key}"}`, key.slice(-43)],
    ['{"err":{"stack":"Error: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\\n  at x"}}', 'MfKQ9r8'],
    ['{"url":"https://user:p4ss@host.example/a?b=1"}', 'p4ss'],
    ['{"msg":"cannot fetch postgres://secondsight:hunter2@db:5432/x"}', 'hunter2'],
    ['{"url":"https://bucket.example/k?X-Amz-Signature=abcdef12&X-Amz-Date=1"}', 'abcdef12'],
    ['{"headers":{"authorization":"Token abc","x-api-key":"k-123"}}', 'abc'],
    ['{"headers":{"authorization":"Token abc","x-api-key":"k-123"}}', 'k-123'],
    ['{"msg":"sent Bearer eyJhbGciOi.J9.x-y_z"}', 'eyJhbGciOi'],
    ['{"cookie":"a=1; secondsight_session=id.17.abc"}', 'id.17.abc'],
    ['{"msg":"WEBHOOK_KEY is a passphrase of the operator"}', 'passphrase of'],
  ])('takes the secret out of %s', (line, secret) => {
    const left = redact(line);
    expect(left).not.toContain(secret);
    expect(() => JSON.parse(left) as unknown).not.toThrow();
  });

  it('leaves the rest as it is', () => {
    for (const line of [
      '{"key":"0193a5b2-0000-7000-8000-000000000000","tokens":5,"path":"/v1/videos","msg":"a live key: /usr/bin:/bin/other"}',
      '{"url":"http://127.0.0.1:8080/v1/videos?limit=2","mail":"someone@example.org"}',
    ]) {
      expect(redact(line)).toBe(line);
    }
    expect(redact(`{"msg":"${key}"}`)).toContain(key.slice(0, 40)); // which key it was
  });
});
