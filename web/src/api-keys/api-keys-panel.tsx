// The keys that open the service: made, listed, given another end, revoked.
import { useState } from 'react';
import { changeExpiry, makeApiKey, revokeApiKey, useApiKeys } from '../api/api-keys';
import type { ApiKey, NewApiKey } from '../api/resources';
import { RowForm } from '../operate/row-form';
import rows from '../operate/rows.module.css';
import { ShownOnce } from '../operate/shown-once';
import { SureButton } from '../operate/sure-button';
import { ProblemNotice } from '../shell/problem-notice';
import { When } from '../time/when';
import { dayOf, endOfDay, ExpiryInput } from './expiry-input';
import { KeyForm } from './key-form';

export default function ApiKeysPanel() {
  const { data: keys, error } = useApiKeys();
  const [made, setMade] = useState<NewApiKey>();
  if (error && !keys) return <ProblemNotice error={error} />;
  return (
    <>
      <KeyForm onMake={async (request) => setMade(await makeApiKey(request))} />
      {made && <ShownOnce name={`Key ${made.name}`} secret={made.key} onDone={() => setMade(undefined)} />}
      {keys?.length === 0 && <p className="dim">There is no key.</p>}
      <ul className={rows.rows} aria-label="Keys">
        {keys?.map((key) => (
          <KeyRow key={key.id} apiKey={key} />
        ))}
      </ul>
    </>
  );
}

function KeyRow({ apiKey: { id, name, prefix, tenant_id, scopes, status, expires_at, last_used_at } }: { readonly apiKey: ApiKey }) {
  const [opened, setOpened] = useState(false);
  return (
    <li className={rows.row} data-over={status === 'active' ? undefined : true}>
      <strong>{name}</strong>
      <span className={rows.main}>
        <span>
          <code className="mono">{prefix}…</code> · tenant {tenant_id} · {scopes.join(', ')}
        </span>
        <span className="dim">
          {status} · last used: <When at={last_used_at} /> · expires: <When at={expires_at} />
        </span>
      </span>
      {status === 'active' && <SureButton label="Revoke" of={name} run={() => revokeApiKey(id)} />}
      {status !== 'revoked' && (
        <details className={rows.more} open={opened} onToggle={(event) => setOpened(event.currentTarget.open)}>
          <summary>Change when {name} ends</summary>
          {opened && <ExpiryForm id={id} expiresAt={expires_at} onDone={() => setOpened(false)} />}
        </details>
      )}
    </li>
  );
}

function ExpiryForm({ id, expiresAt, onDone }: { readonly id: string; readonly expiresAt: string | null; readonly onDone: () => void }) {
  const [lastDay, setLastDay] = useState(expiresAt === null ? '' : dayOf(new Date(expiresAt)));
  const save = async (): Promise<void> => {
    await changeExpiry(id, endOfDay(lastDay));
    onDone();
  };
  return (
    <RowForm submit="Save" onSubmit={save}>
      <ExpiryInput value={lastDay} onChange={setLastDay} />
    </RowForm>
  );
}
