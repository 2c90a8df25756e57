// Cuts: clip lists that a worker renders to MP4.
import { useQuery } from '@tanstack/react-query';
import { addressOf, call } from './call';
import { queryClient } from './query-client';
import type { Cut, CutRequest } from './resources';

const cutsKey = ['cuts'];
const POLL_MS = 1000;
const SHOWN = 20;

export const isCutting = ({ status }: Cut): boolean => status === 'queued' || status === 'processing';

/** The latest, newest first, asked for again while one of them is made. */
export const useCuts = () =>
  useQuery({
    queryKey: cutsKey,
    queryFn: async ({ signal }) => (await call('get', '/v1/cuts', { query: { limit: SHOWN }, signal })).data,
    refetchInterval: ({ state }) => (state.data?.some(isCutting) ? POLL_MS : false),
  });

export async function startCut(body: CutRequest): Promise<void> {
  await call('post', '/v1/cuts', { body });
  await queryClient.invalidateQueries({ queryKey: cutsKey });
}

export async function cancelCut(id: string): Promise<void> {
  await call('post', '/v1/cuts/{id}/cancel', { path: { id } });
  await queryClient.invalidateQueries({ queryKey: cutsKey });
}

export async function deleteCut(id: string): Promise<void> {
  await call('delete', '/v1/cuts/{id}', { path: { id } });
  await queryClient.invalidateQueries({ queryKey: cutsKey });
}

export const cutFileAddress = (id: string, file: number): string => addressOf('/v1/cuts/{id}/content', { id }, { file });
