// Receives webhooks and believes only those that are signed (Standard Webhooks), with nothing but node.
//   WEBHOOK_SECRET=whsec_... PORT=9000 node webhook-receiver.mjs
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const secret = Buffer.from((process.env['WEBHOOK_SECRET'] ?? '').replace(/^whsec_/, ''), 'base64');
if (secret.length === 0) throw new Error('WEBHOOK_SECRET: the secret that POST /v1/webhooks answered with');

const MOST_BYTES = 1024 * 1024;
const TOLERANCE_SECONDS = 5 * 60; // an older message may be one that somebody recorded and sends again

/** The body as it was sent: a parsed one that is written again is another text. */
function isSigned(headers, body) {
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => String(headers[name]));
  if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) < TOLERANCE_SECONDS)) return false;
  const expected = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest();
  // while a secret is being rotated there are two signatures, with a space between them
  return (signatures ?? '').split(' ').some((signature) => {
    const given = Buffer.from(signature.replace(/^v1,/, ''), 'base64');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

const seen = new Set(); // in production: a table with a unique key

const server = createServer((request, response) => {
  const chunks = [];
  let bytes = 0;
  request.on('data', (chunk) => {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) request.destroy();
    else chunks.push(chunk);
  });
  request.on('end', () => {
    const body = Buffer.concat(chunks).toString();
    if (!isSigned(request.headers, body)) return void response.writeHead(401).end();
    response.writeHead(204).end(); // answer at once, work afterwards: it is sent again after 15 s without an answer
    const id = String(request.headers['webhook-id']);
    if (seen.has(id)) return; // told at least once, so perhaps twice
    seen.add(id);
    const { type, data } = JSON.parse(body);
    console.log(type, JSON.stringify(data));
  });
});
server.listen(Number(process.env['PORT'] ?? 9000), '127.0.0.1', () => {
  const address = server.address();
  console.log(`listening on ${typeof address === 'object' ? address?.port : address}`);
});
