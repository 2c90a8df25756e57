// Asks for a key when the service wants one; the key goes into a cookie that no script can read.
import { Button, Modal, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { ApiProblem } from '../api/problem';
import { queryClient } from '../api/query-client';
import { createStore, useStore } from '../store/store';
import { signIn } from './session';

const wanted = createStore(false);

queryClient.getQueryCache().subscribe(({ query }) => {
  if (query.state.error instanceof ApiProblem && query.state.error.status === 401) wanted.set(true);
});

export function SignIn() {
  const opened = useStore(wanted);
  const [key, setKey] = useState('');
  const [failure, setFailure] = useState('');
  const send = async (): Promise<void> => {
    try {
      await signIn(key);
      setKey('');
      setFailure('');
      wanted.set(false);
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <Modal opened={opened} onClose={() => wanted.set(false)} title="Sign in" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <PasswordInput label="API key" description="Whoever runs the service makes keys." value={key} error={failure} onChange={(event) => setKey(event.target.value)} autoComplete="current-password" data-autofocus />
        <Button type="submit" mt="md" fullWidth disabled={key === ''}>
          Sign in
        </Button>
      </form>
    </Modal>
  );
}
