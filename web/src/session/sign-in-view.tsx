// Asks for a key; the key goes into a cookie that no script can read.
import { Button, PasswordInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { navigate, useQueryValue } from '../address/address';
import { Link } from '../address/link';
import { MarkIcon } from '../shell/icons';
import { ToastList } from '../shell/toast-list';
import { signIn, useSession } from './session';
import { placeAfter } from './sign-in-address';
import styles from './sign-in-view.module.css';

export function SignInView() {
  const { data: session } = useSession();
  const to = placeAfter(useQueryValue('to'));
  const [key, setKey] = useState('');
  const [failure, setFailure] = useState('');
  useEffect(() => void (document.title = 'Sign in · secondsight'), []);
  const send = async (): Promise<void> => {
    setFailure('');
    try {
      await signIn(key.trim());
      navigate(to, { replace: true });
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <main className={styles.view} id="main">
      <form
        className={styles.card}
        aria-label="Sign in"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <span className={styles.mark}>
          <MarkIcon />
        </span>
        <h1>secondsight</h1>
        <p className={`dim ${styles.what}`}>Ask hours of video when something happens.</p>
        <PasswordInput
          label="API key"
          description="Whoever runs the service makes keys. The first one was shown when it was started."
          placeholder="ss_…"
          value={key}
          error={failure}
          onChange={(event) => setKey(event.target.value)}
          autoComplete="current-password"
          autoFocus
        />
        <Button type="submit" fullWidth disabled={key.trim() === ''}>
          Sign in
        </Button>
        {session && (
          <p className={styles.note}>
            {session.key_id === null ? 'This service asks this machine for no key.' : 'You are signed in.'} <Link href={to}>Go on</Link>
          </p>
        )}
      </form>
      <ToastList />
    </main>
  );
}
