// Where others are told what happens, and what they were told.
import { useQuery } from '@tanstack/react-query';
import { call } from './call';
import { queryClient } from './query-client';
import type { Webhook, WebhookEvents, WebhookWithSecret } from './resources';

const LATEST = 100;
const REFRESH_MS = 2500;
const webhooksKey = ['webhooks'];
const deliveriesKey = (webhookId: string) => [...webhooksKey, webhookId, 'deliveries'];

export const useWebhooks = () =>
  useQuery({ queryKey: webhooksKey, queryFn: async ({ signal }) => (await call('get', '/v1/webhooks', { query: { limit: LATEST }, signal })).data });

/** Its latest deliveries, newest first, asked for again while they are shown. */
export const useDeliveries = (id: string) =>
  useQuery({
    queryKey: deliveriesKey(id),
    queryFn: async ({ signal }) => (await call('get', '/v1/webhooks/{id}/deliveries', { path: { id }, query: { limit: LATEST }, signal })).data,
    refetchInterval: REFRESH_MS,
  });

/** What was sent, and every attempt with its answer; `attempts` is how many are known of. */
export const useDelivery = (id: string, deliveryId: string, attempts: number) =>
  useQuery({
    queryKey: [...deliveriesKey(id), deliveryId, attempts],
    queryFn: ({ signal }) => call('get', '/v1/webhooks/{id}/deliveries/{deliveryId}', { path: { id, deliveryId }, signal }),
    placeholderData: (before) => before,
  });

const refresh = (): Promise<void> => queryClient.invalidateQueries({ queryKey: webhooksKey });

/** The secret is in this answer alone. */
export async function addWebhook(body: { url: string; description: string; events: WebhookEvents }): Promise<WebhookWithSecret> {
  const added = await call('post', '/v1/webhooks', { body: { ...body, enabled: true } });
  await refresh();
  return added;
}

export async function rotateSecret(id: string): Promise<WebhookWithSecret> {
  const rotated = await call('post', '/v1/webhooks/{id}/rotate-secret', { path: { id } });
  await refresh();
  return rotated;
}

export async function pingWebhook(id: string): Promise<void> {
  await call('post', '/v1/webhooks/{id}/ping', { path: { id } });
  await refresh();
}

export async function enableWebhook({ id }: Webhook, enabled: boolean): Promise<void> {
  await call('patch', '/v1/webhooks/{id}', { path: { id }, body: { enabled } });
  await refresh();
}

export async function deleteWebhook(id: string): Promise<void> {
  await call('delete', '/v1/webhooks/{id}', { path: { id } });
  await refresh();
}

export async function redeliver(id: string, deliveryId: string): Promise<void> {
  await call('post', '/v1/webhooks/{id}/deliveries/{deliveryId}/redeliver', { path: { id, deliveryId } });
  await refresh();
}

export async function redeliverFailed(id: string): Promise<number> {
  const { deliveries } = await call('post', '/v1/webhooks/{id}/redeliver', { path: { id } });
  await refresh();
  return deliveries;
}
