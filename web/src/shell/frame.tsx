// The frame around every view: rail, top bar with the ask box, messages, help, sign-in.
import { QueryErrorResetBoundary } from '@tanstack/react-query';
import { Suspense, useEffect } from 'react';
import { useAddress } from '../address/address';
import { SignInView } from '../session/sign-in-view';
import { SIGN_IN } from '../session/sign-in-address';
import { flushDeletions } from '../library/delayed-delete';
import { ConnectionBanner } from './connection-banner';
import { FailureBoundary } from './failure-boundary';
import styles from './frame.module.css';
import { KeyHelp } from './key-help';
import { NotFound } from './not-found';
import { Rail } from './rail';
import { ToastList } from './toast-list';
import { TopBar } from './top-bar';
import { viewOf } from './views';
import { Waiting } from './waiting';

export function Frame() {
  const { path } = useAddress();
  const view = viewOf(path);
  useEffect(() => {
    window.addEventListener('pagehide', flushDeletions);
    return () => window.removeEventListener('pagehide', flushDeletions);
  }, []);
  if (path === SIGN_IN) return <SignInView />;
  const Component = view?.component;
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#main">
        Skip to the content
      </a>
      <Rail path={path} />
      <TopBar title={view?.title ?? 'Not found'} videoId={view?.title === 'Video' ? view.subject : undefined} />
      <main id="main" className={styles.main} data-fills={view?.fills} tabIndex={-1}>
        <QueryErrorResetBoundary>
          {({ reset }) => (
            <FailureBoundary key={path} onReset={reset}>
              <Suspense fallback={<Waiting />}>{Component && view ? <Component key={path} subject={view.subject} /> : <NotFound />}</Suspense>
            </FailureBoundary>
          )}
        </QueryErrorResetBoundary>
      </main>
      <ConnectionBanner />
      <ToastList />
      <KeyHelp />
    </div>
  );
}
