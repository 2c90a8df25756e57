// One webhook: its health, what can be done with it, and what it was told.
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Webhook, WebhookWithSecret } from '../api/resources';
import { deleteWebhook, enableWebhook, pingWebhook, redeliverFailed, rotateSecret } from '../api/webhooks';
import rows from '../operate/rows.module.css';
import { SureButton } from '../operate/sure-button';
import { showFailure, showToast } from '../shell/toasts';
import { When } from '../time/when';
import { Deliveries } from './deliveries';

interface WebhookRowProps {
  readonly webhook: Webhook;
  readonly onSecret: (rotated: WebhookWithSecret) => void;
}

export function WebhookRow({ webhook, onSecret }: WebhookRowProps) {
  const { id, url, events, enabled } = webhook;
  const [opened, setOpened] = useState(false);
  const ping = async (): Promise<void> => {
    await pingWebhook(id);
    setOpened(true);
  };
  const sendFailed = async (): Promise<void> => {
    showToast({ text: `Sent again: ${await redeliverFailed(id)}` });
  };
  return (
    <li className={rows.row}>
      <span className={rows.main}>
        <strong>{url}</strong>
        <span className="dim">{events === null ? 'all events' : events.join(', ')}</span>
        <Health webhook={webhook} />
      </span>
      <span className={rows.actions}>
        <Act label="Ping" run={ping} />
        <Act label="Send failed ones again" run={sendFailed} />
        <Act label="New secret" run={async () => onSecret(await rotateSecret(id))} />
        <Act label={enabled ? 'Disable' : 'Enable'} run={() => enableWebhook(webhook, !enabled)} />
        <SureButton label="Delete" of={url} run={() => deleteWebhook(id)} />
      </span>
      <details className={rows.more} open={opened} onToggle={(event) => setOpened(event.currentTarget.open)}>
        <summary>Deliveries</summary>
        {opened && <Deliveries webhookId={id} />}
      </details>
    </li>
  );
}

const Act = ({ label, run }: { readonly label: string; readonly run: () => Promise<void> }) => (
  <Button size="compact-xs" variant="default" onClick={() => void run().catch(showFailure)}>
    {label}
  </Button>
);

function Health({ webhook: { enabled, disabled_reason, failing_since, last_success_at } }: { readonly webhook: Webhook }) {
  if (!enabled) return <span className="lost">disabled{disabled_reason === 'gone' ? ': it answered that it is gone' : disabled_reason === 'failing' ? ': nothing was delivered for five days' : ''}</span>;
  if (failing_since !== null) {
    return (
      <span className="lost">
        failing since <When at={failing_since} />
      </span>
    );
  }
  return (
    <span className="dim">
      last delivered: <When at={last_success_at} />
    </span>
  );
}
