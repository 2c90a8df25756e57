// Standing alerts: questions that are put to every new video.
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { addAlert, useAlerts } from '../api/alerts';
import { RowForm } from '../operate/row-form';
import rows from '../operate/rows.module.css';
import { ProblemNotice } from '../shell/problem-notice';
import { AlertRow } from './alert-row';
import { LeastSure } from './least-sure';

export default function AlertsPanel() {
  const { data: alerts, error } = useAlerts();
  if (error && !alerts) return <ProblemNotice error={error} />;
  return (
    <>
      <AlertForm />
      {alerts?.length === 0 && <p className="dim">Nothing is watched for. An alert is put to every video that is analysed from now on.</p>}
      <ul className={rows.rows} aria-label="Alerts">
        {alerts?.map((alert) => (
          <AlertRow key={alert.id} alert={alert} />
        ))}
      </ul>
    </>
  );
}

function AlertForm() {
  const [query, setQuery] = useState('');
  const [videoName, setVideoName] = useState('');
  const [minConfidence, setMinConfidence] = useState(0);
  const add = async (): Promise<void> => {
    await addAlert({ query: query.trim(), videoName: videoName.trim(), minConfidence });
    setQuery('');
  };
  return (
    <RowForm submit="Add an alert" onSubmit={add}>
      <TextInput size="xs" required label="What to look for" placeholder="a person falls" value={query} onChange={(event) => setQuery(event.currentTarget.value)} />
      <TextInput size="xs" label="Only videos named like" placeholder="all" value={videoName} onChange={(event) => setVideoName(event.currentTarget.value)} />
      <LeastSure value={minConfidence} onChange={setMinConfidence} />
    </RowForm>
  );
}
