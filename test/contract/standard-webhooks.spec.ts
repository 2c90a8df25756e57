// Our signatures are those of Standard Webhooks: judged by its own vector and its own library.
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { isSecret, newSecret, signatureHeaders } from '../../src/webhooks/signature.js';
import { bodyOf, segmentsThatFit } from '../../src/webhooks/webhook-events.js';

describe('a signature', () => {
  it('is that of the vector', () => {
    const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', at: new Date(1_614_265_330_000), body: '{"test": 2432232314}' };
    expect(signatureHeaders(message, ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'])).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('of any payload is taken by the library, under the old and under the new secret, and no other', () => {
    const property = fc.property(fc.json(), fc.uuid(), (body, id) => {
      const [old, fresh, other] = [newSecret(), newSecret(), newSecret()];
      const headers = signatureHeaders({ id, at: new Date(), body }, [fresh, old]);
      for (const secret of [old, fresh]) expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
      expect(() => new Webhook(other).verify(body, headers)).toThrow('No matching signature');
      expect(() => new Webhook(old).verify(`${body} `, headers)).toThrow('No matching signature');
    });
    fc.assert(property, { numRuns: 1000 });
  });

  it('is too old for the library after five minutes', () => {
    const secret = newSecret();
    const headers = signatureHeaders({ id: 'a', at: new Date(Date.now() - 301_000), body: '{}' }, [secret]);
    expect(() => new Webhook(secret).verify('{}', headers)).toThrow('too old');
  });
});

describe('a secret', () => {
  it.each([16, 24, 64])('of %s bytes is taken', (bytes) => expect(isSecret(`whsec_${randomBytes(bytes).toString('base64')}`)).toBe(true));

  it.each(['', 'secret', 'whsec_', 'whsec_short', `whsec_${randomBytes(65).toString('base64')}`, `whsec_${'!'.repeat(32)}`, randomBytes(24).toString('base64')])(
    '%j is refused',
    (text) => expect(isSecret(text)).toBe(false),
  );
});

describe('a message', () => {
  it('stays below 20 kB whatever a window showed', () => {
    const segments = Array.from({ length: 40 }, (_, k) => ({ type: 'event', start_time: k, end_time: k + 1, text: '\u0001"日本'.repeat(2000), confidence: 0.5 }));
    const { segments: kept, segments_left_out } = segmentsThatFit(segments);
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length + segments_left_out).toBe(40);
    const data = { task_id: 't', video_id: 'v', window: { start_time: 0, end_time: 30 }, segments: kept, segments_left_out };
    const body = bodyOf({ type: 'segment.created', data, url: '/v1/videos/v/segments', of: { videoId: 'v' } }, new Date(0));
    expect(Buffer.byteLength(body)).toBeLessThan(20 * 1024);
    expect(JSON.parse(body)).toMatchObject({ type: 'segment.created', timestamp: '1970-01-01T00:00:00.000Z', data: { url: '/v1/videos/v/segments', segments_left_out } });
  });
});
