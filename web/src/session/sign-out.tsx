// Ends the session; where no key was needed there is none.
import { ActionIcon } from '@mantine/core';
import { LeaveIcon } from '../shell/icons';
import { showFailure } from '../shell/toasts';
import { signOut, useSession } from './session';

export function SignOut() {
  const { data: session } = useSession();
  if (session?.key_id == null) return null;
  return (
    <ActionIcon variant="subtle" color="gray" aria-label="Sign out" title="Sign out" onClick={() => void signOut().catch(showFailure)}>
      <LeaveIcon />
    </ActionIcon>
  );
}
