// Sends a request again while the service is away or asks for patience; what is sent twice is done once.
import { SecondsightError } from './error.js';
import { pause } from './wait.js';

/** Answers that may be better the next time. */
const PASSING = new Set([429, 502, 503, 504]);

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;

/** `attempts`: how often one request is sent at most. Rejects with `client.unreachable`, or with the reason of the request's signal. */
export const patientFetch =
  (send: typeof fetch, attempts: number) =>
  async (request: Request): Promise<Response> => {
    const mayRepeat = request.method !== 'POST' || request.headers.has('idempotency-key');
    for (let attempt = 1; ; attempt++) {
      const isLast = attempt >= attempts || !mayRepeat;
      const answer = await send(isLast ? request : request.clone()).catch((cause: unknown) => {
        if (request.signal.aborted) throw cause;
        return new SecondsightError('client.unreachable', `No answer from ${new URL(request.url).origin}.`, { cause });
      });
      const isGood = answer instanceof Response && !PASSING.has(answer.status);
      if (isGood || isLast) {
        if (answer instanceof Response) return answer;
        throw answer;
      }
      if (answer instanceof Response) await answer.body?.cancel();
      await pause(pauseMs(attempt, answer), request.signal);
    }
  };

/** What the service asks for, else twice as long each time, with a part left to chance so that many clients do not come back together. */
function pauseMs(attempt: number, answer: Response | SecondsightError): number {
  const asked = answer instanceof Response ? Number(answer.headers.get('retry-after')) * 1000 : 0;
  const own = FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + Math.random());
  return Math.min(LONGEST_PAUSE_MS, asked || own);
}
