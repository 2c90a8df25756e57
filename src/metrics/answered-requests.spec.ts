// What this process answered reaches the totals once.
import { describe, expect, it } from 'vitest';
import { requestSeconds } from '../platform/metrics/process-metrics.js';
import { type Totals } from '../platform/metrics/totals.js';
import { AnsweredRequests } from './answered-requests.js';

describe('answered requests', () => {
  it('are added by the class of their status, each once, whatever the route', async () => {
    const added: unknown[] = [];
    const totals = { add: (_name: string, { class: status }: { class: string }, value: number) => value > 0 && added.push([status, value]) } as unknown as Totals;
    const answered = new AnsweredRequests(totals);
    for (const [route, status] of [['/a', '200'], ['/a', '404'], ['/b', '429'], ['/b', '503']] as const) requestSeconds.observe({ method: 'GET', route, status }, 1);
    await answered.add();
    expect(added.splice(0)).toEqual([['2xx', 1], ['4xx', 2], ['5xx', 1]]);
    await answered.add();
    requestSeconds.observe({ method: 'GET', route: '/a', status: '404' }, 2);
    await answered.add();
    expect(added).toEqual([['4xx', 1]]);
  });
});
