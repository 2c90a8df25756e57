// Chooses files to send, or has a video fetched from a URL.
import { Button, Popover, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import styles from './add-videos-button.module.css';
import { addUploads, addUrl } from './uploads';

export function AddVideosButton({ size = 'compact-md' }: { readonly size?: string }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className={styles.ways}>
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
      <ByUrl size={size} />
    </div>
  );
}

function ByUrl({ size }: { readonly size: string }) {
  const [opened, setOpened] = useState(false);
  const [url, setUrl] = useState('');
  return (
    <Popover opened={opened} onChange={setOpened} trapFocus position="bottom-end" width={320}>
      <Popover.Target>
        <Button size={size} radius="xl" variant="default" onClick={() => setOpened(!opened)}>
          By URL
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Add a video by URL">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            addUrl(url.trim());
            setUrl('');
            setOpened(false);
          }}
        >
          <TextInput type="url" required label="Address of a video" description="The service fetches it; you may leave the page." placeholder="https://" value={url} onChange={(event) => setUrl(event.currentTarget.value)} data-autofocus />
          <Button type="submit" mt="sm" size="compact-md">
            Fetch
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
