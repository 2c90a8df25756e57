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

/** Of so many the answer is read before anybody asks for it. */
const CODES_SHOWN = 10;

export function Deliveries({ webhookId }: { readonly webhookId: string }) {
  const { data: deliveries, error } = useDeliveries(webhookId);
  if (error && !deliveries) return <ProblemNotice error={error} />;
  if (deliveries?.length === 0) return <p className="dim">None yet.</p>;
  return (
    <ul className={rows.rows} aria-label="Deliveries">
      {deliveries?.map((delivery, index) => (
        <DeliveryRow key={delivery.id} delivery={delivery} showsCode={index < CODES_SHOWN} />
      ))}
    </ul>
  );
}

function DeliveryRow({ delivery, showsCode }: { readonly delivery: WebhookDelivery; readonly showsCode: boolean }) {
  const { id, webhook_id, type, status, attempts, created_at, next_attempt_at } = delivery;
  const [opened, setOpened] = useState(false);
  return (
    <li className={rows.row}>
      <details className={rows.main} open={opened} onToggle={(event) => setOpened(event.currentTarget.open)}>
        <summary>
          <strong>{type}</strong> <span className={TONES[status]}>{status}</span>{' '}
          <span className="dim">
            {attempts === 1 ? '1 attempt' : `${attempts} attempts`} · <When at={created_at} />
            {next_attempt_at !== null && (
              <>
                {' '}
                · next <When at={next_attempt_at} />
              </>
            )}
          </span>
          {showsCode && status !== 'delivered' && attempts > 0 && <LastCode delivery={delivery} />}
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

/** What the last attempt was answered with. */
function LastCode({ delivery: { id, webhook_id, attempts } }: { readonly delivery: WebhookDelivery }) {
  const last = useDelivery(webhook_id, id, attempts).data?.log.at(-1);
  return last ? <code className="mono lost">{last.status_code ?? last.error_code}</code> : null;
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
