// Adds a webhook: its address, and which events are sent to it.
import { MultiSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { WebhookEvents } from '../api/resources';
import { RowForm } from '../operate/row-form';

type EventType = NonNullable<WebhookEvents>[number];

/** Each that the API knows, by its type. */
const EVENTS: Readonly<Record<EventType, true>> = {
  ...{ 'video.ready': true, 'task.progress': true, 'task.ready': true, 'task.failed': true, 'task.canceled': true },
  ...{ 'segment.created': true, 'batch.completed': true, 'alert.matched': true, 'webhook.ping': true },
};
const NAMES = Object.keys(EVENTS) as EventType[];

interface WebhookFormProps {
  readonly onAdd: (request: { url: string; description: string; events: WebhookEvents }) => Promise<void>;
}

export function WebhookForm({ onAdd }: WebhookFormProps) {
  const [url, setUrl] = useState('');
  const [events, setEvents] = useState<string[]>([]);
  const add = async (): Promise<void> => {
    await onAdd({ url: url.trim(), description: '', events: events.length === 0 ? null : NAMES.filter((name) => events.includes(name)) });
    setUrl('');
  };
  return (
    <RowForm submit="Add a webhook" onSubmit={add}>
      <TextInput size="xs" type="url" required label="Address (URL)" placeholder="https://" value={url} onChange={(event) => setUrl(event.currentTarget.value)} />
      <MultiSelect size="xs" label="Events" placeholder={events.length === 0 ? 'all events' : ''} data={NAMES} value={events} onChange={setEvents} w={260} />
    </RowForm>
  );
}
