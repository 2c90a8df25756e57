// Makes a key: what it is for, whose, what it allows, and when it ends.
import { Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { KeyRequest } from '../api/api-keys';
import type { Scope } from '../api/resources';
import { RowForm } from '../operate/row-form';
import rows from '../operate/rows.module.css';
import { endOfDay, ExpiryInput } from './expiry-input';

const SCOPES: readonly Scope[] = ['videos:read', 'videos:write', 'webhooks:manage', 'admin'];

export function KeyForm({ onMake }: { readonly onMake: (request: KeyRequest) => Promise<void> }) {
  const [name, setName] = useState('');
  const [tenant, setTenant] = useState('default');
  const [lastDay, setLastDay] = useState('');
  const [scopes, setScopes] = useState<string[]>(['videos:read']);
  const make = async (): Promise<void> => {
    await onMake({ name, tenant_id: tenant, scopes: SCOPES.filter((scope) => scopes.includes(scope)), expires_at: endOfDay(lastDay) });
    setName('');
    setLastDay('');
  };
  return (
    <RowForm submit="Make a key" disabled={name.trim() === '' || scopes.length === 0} onSubmit={make}>
      <TextInput size="xs" label="Name of the key" placeholder="What it is for" required value={name} onChange={(event) => setName(event.currentTarget.value)} />
      <TextInput size="xs" label="Tenant" required value={tenant} onChange={(event) => setTenant(event.currentTarget.value)} />
      <ExpiryInput value={lastDay} onChange={setLastDay} />
      <Checkbox.Group label="Allows" size="xs" value={scopes} onChange={setScopes}>
        <span className={rows.choices}>
          {SCOPES.map((scope) => (
            <Checkbox key={scope} size="sm" value={scope} label={scope} />
          ))}
        </span>
      </Checkbox.Group>
    </RowForm>
  );
}
