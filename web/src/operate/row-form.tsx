// A form in a line that adds something to a list; what goes wrong is told.
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { showFailure } from '../shell/toasts';
import rows from './rows.module.css';

interface RowFormProps {
  /** What its button says. */
  readonly submit: string;
  readonly disabled?: boolean;
  readonly onSubmit: () => Promise<void>;
  readonly children: ReactNode;
}

export function RowForm({ submit, disabled = false, onSubmit, children }: RowFormProps) {
  return (
    <form
      className={rows.form}
      onSubmit={(event) => {
        event.preventDefault();
        void onSubmit().catch(showFailure);
      }}
    >
      {children}
      <Button size="xs" type="submit" disabled={disabled}>
        {submit}
      </Button>
    </form>
  );
}
