// A button for what cannot be taken back: it asks to be pressed twice.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { showFailure } from '../shell/toasts';

interface SureButtonProps {
  readonly label: string;
  /** What it is done to, for whoever does not see the row. */
  readonly of: string;
  readonly run: () => Promise<unknown>;
}

export function SureButton({ label, of, run }: SureButtonProps) {
  const [asked, setAsked] = useState(false);
  const press = (): void => {
    setAsked(!asked);
    if (asked) void run().catch(showFailure);
  };
  return (
    <Button size="compact-xs" color="red" variant={asked ? 'filled' : 'light'} onClick={press} onBlur={() => setAsked(false)} aria-label={asked ? `${label} ${of} for good` : `${label} ${of}`}>
      {asked ? `${label} for good` : label}
    </Button>
  );
}
