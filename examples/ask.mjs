// Uploads a video and asks when something happens in it, with nothing but fetch.
//   SECONDSIGHT_SERVER=http://127.0.0.1:8080 node ask.mjs clip.mp4 "the red circle moves left"
import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const [file = '', question = ''] = process.argv.slice(2);
const server = process.env['SECONDSIGHT_SERVER'] ?? 'http://127.0.0.1:8080';
const key = process.env['SECONDSIGHT_API_KEY'];

/** Errors are RFC 9457 problems: `code` is for programs, `detail` for people. */
async function api(path, init = {}) {
  const headers = { ...init.headers, ...(key && { authorization: `Bearer ${key}` }) };
  const response = await fetch(server + path, { ...init, headers });
  if (response.ok) return response.json();
  const { code, detail } = await response.json();
  throw new Error(`${code}: ${detail}`);
}

const post = (body) => ({ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

const form = new FormData();
form.set('file', await openAsBlob(file), basename(file));
const video = await api('/v1/videos', { method: 'POST', body: form });
console.log(`video ${video.id}, ${video.duration} s`);

let moments = await api(`/v1/videos/${video.id}/moments`, post({ query: question, wait: 60 }));
while (moments.status === 'queued' || moments.status === 'processing') {
  await pause(1000); // the wait is over, the work goes on
  moments = await api(`/v1/videos/${video.id}/moments/${moments.id}`);
}

console.log(moments.answer); // found, or not_in_video
for (const { start_time, end_time, confidence } of moments.data) console.log(`${start_time} - ${end_time} s, ${confidence} sure`);
