// What a webhook was told: each message with its attempts and what was answered, and once more.
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { WebhookDelivery } from '../api/resources';
import { redeliver, useDeliveries, useDelivery } from '../api/webhooks';
import rows from '../operate/rows.module.css';
import { ProblemNotice } from '../shell/problem-notice';
import { showFailure } from '../shell/toasts';
import { When } from '../time/when';

const TONES = { pending: 'dim', delivered: 'work', failed: 'lost' } as const;

export function Deliveries({ webhookId }: { readonly webhookId: string }) {
  const { data: deliveries, error } = useDeliveries(webhookId);
  if (error && !deliveries) return <ProblemNotice error={error} />;
  if (deliveries?.length === 0) return <p className="dim">None yet.</p>;
  return (
    <ul className={rows.rows} aria-label="Deliveries">
      {deliveries?.map((delivery) => (
        <DeliveryRow key={delivery.id} delivery={delivery} />
      ))}
    </ul>
  );
}

function DeliveryRow({ delivery }: { readonly delivery: WebhookDelivery }) {
  const { id, webhook_id, type, status, attempts, created_at } = delivery;
  const [opened, setOpened] = useState(false);
  return (
    <li className={rows.row}>
      <details className={rows.main} open={opened} onToggle={(event) => setOpened(event.currentTarget.open)}>
        <summary>
          <strong>{type}</strong> <span className={TONES[status]}>{status}</span>{' '}
          <span className="dim">
            {attempts === 1 ? '1 attempt' : `${attempts} attempts`} · <When at={created_at} />
          </span>
        </summary>
        {opened && <Attempts delivery={delivery} />}
      </details>
      {status !== 'pending' && (
        <Button className={rows.top ?? ''} size="compact-xs" variant="default" onClick={() => void redeliver(webhook_id, id).catch(showFailure)}>
          Send again
        </Button>
      )}
    </li>
  );
}

function Attempts({ delivery: { id, webhook_id, attempts, next_attempt_at } }: { readonly delivery: WebhookDelivery }) {
  const { data, error } = useDelivery(webhook_id, id, attempts);
  if (error && !data) return <ProblemNotice error={error} />;
  return (
    <>
      {data?.log.map(({ number, began_at, duration_ms, status_code, error_code, response }) => (
        <div key={number}>
          Attempt {number}: <strong>{status_code ?? error_code}</strong>{' '}
          <span className="dim">
            after {duration_ms} ms · <When at={began_at} />
          </span>
          {response !== '' && <pre className={rows.answer}>{response}</pre>}
        </div>
      ))}
      {next_attempt_at !== null && (
        <p className="dim">
          Next attempt: <When at={next_attempt_at} />
        </p>
      )}
      {data && <pre className={rows.answer}>{JSON.stringify(data.payload, null, 2)}</pre>}
    </>
  );
}
