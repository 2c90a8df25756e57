// How the service is: its workers and the models they run.
import { useQuery } from '@tanstack/react-query';
import { call } from './call';
import { unreachable } from './problem';
import type { Readiness } from './resources';

const REFRESH_MS = 5000;

/** 503 is an answer here: it says what is away. */
async function readiness(signal: AbortSignal): Promise<Readiness> {
  const response = await fetch('/health/ready', { signal }).catch(() => undefined);
  if (!response) throw unreachable();
  return (await response.json()) as Readiness;
}

export const useReadiness = () => useQuery({ queryKey: ['readiness'], queryFn: ({ signal }) => readiness(signal), refetchInterval: REFRESH_MS, retry: false });

/** With what they do now; for whoever may manage the service. */
export const useWorkers = () => useQuery({ queryKey: ['workers'], queryFn: async ({ signal }) => (await call('get', '/v1/workers', { signal })).data, refetchInterval: REFRESH_MS });

export const useModels = () => useQuery({ queryKey: ['models'], queryFn: async ({ signal }) => (await call('get', '/v1/models', { signal })).data, staleTime: 60_000 });
