// How to begin, in a library without a video.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { showFailure } from '../shell/toasts';
import { AddVideosButton } from '../uploads/add-videos-button';
import { addUploads } from '../uploads/uploads';
import styles from './empty-library.module.css';

/** Served with the page; what happens in it is known, so that answers can be judged. */
const DEMO = 'long_4min.mp4';

export function EmptyLibrary() {
  const [loading, setLoading] = useState(false);
  const addDemo = async (): Promise<void> => {
    setLoading(true);
    try {
      const response = await fetch(`/demo/${DEMO}`);
      if (!response.ok) throw new Error('The demo clip is not part of this installation. Add a video of your own.');
      addUploads([new File([await response.blob()], 'demo-4-minutes.mp4', { type: 'video/mp4' })]);
    } catch (error) {
      showFailure(error);
    } finally {
      setLoading(false);
    }
  };
  return (
    <section className={styles.empty} aria-label="How to begin">
      <h2>Drop videos here</h2>
      <p>Each is scanned and analysed as it arrives. Then ask when something happens: the answer is a time, to the second, with the frames it rests on.</p>
      <div className={styles.actions}>
        <AddVideosButton size="md" />
        <Button size="md" radius="xl" variant="default" loading={loading} onClick={() => void addDemo()}>
          Use the demo clip
        </Button>
      </div>
      <p className={styles.hint}>
        In the demo clip, try <q>blue square moves up</q> and then <q>purple circle blinks</q>.
      </p>
    </section>
  );
}
