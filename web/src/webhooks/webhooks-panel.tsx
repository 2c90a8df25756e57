// Who is told what happens: added, tried, and what each was told.
import { useState } from 'react';
import type { WebhookWithSecret } from '../api/resources';
import { addWebhook, useWebhooks } from '../api/webhooks';
import rows from '../operate/rows.module.css';
import { ShownOnce } from '../operate/shown-once';
import { ProblemNotice } from '../shell/problem-notice';
import { WebhookForm } from './webhook-form';
import { WebhookRow } from './webhook-row';

export default function WebhooksPanel() {
  const { data: webhooks, error } = useWebhooks();
  const [secret, setSecret] = useState<WebhookWithSecret>();
  if (error && !webhooks) return <ProblemNotice error={error} />;
  return (
    <>
      <WebhookForm onAdd={async (request) => setSecret(await addWebhook(request))} />
      {secret && <ShownOnce name={`Secret of ${secret.url}`} secret={secret.secret} onDone={() => setSecret(undefined)} />}
      {webhooks?.length === 0 && <p className="dim">No webhook yet. A webhook is an address that gets a signed message for each event.</p>}
      <ul className={rows.rows} aria-label="Webhooks">
        {webhooks?.map((webhook) => (
          <WebhookRow key={webhook.id} webhook={webhook} onSecret={setSecret} />
        ))}
      </ul>
    </>
  );
}
