// Chooses files to send.
import { Button } from '@mantine/core';
import { useRef } from 'react';
import { addUploads } from './uploads';

export function AddVideosButton({ size = 'compact-md' }: { readonly size?: string }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button size={size} radius="xl" onClick={() => input.current?.click()}>
        Add videos
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept="video/*,.mkv,.ts,.mxf"
        aria-label="Video files"
        onChange={(event) => {
          addUploads([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
    </>
  );
}
