// Takes files that are dropped anywhere on the page: videos to be sent, or a picture to be looked for.
import { useEffect, useState } from 'react';
import { pictureIn, searchByPicture } from '../search/picture';
import { showFailure } from '../shell/toasts';
import styles from './drop-target.module.css';
import { addUploads } from './uploads';

const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

export function DropTarget() {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const drag = (event: DragEvent): void => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      if (!holdsFiles(event)) return;
      const taken = event.defaultPrevented;
      event.preventDefault();
      setOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      const picture = pictureIn(files);
      if (taken) return;
      if (picture && files.length === 1) void searchByPicture(picture).catch(showFailure);
      else addUploads(files);
    };
    window.addEventListener('dragover', drag);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', drag);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, []);
  return over ? <div className={styles.target}>Drop the videos anywhere: they are sent one after the other and analysed as they arrive.</div> : null;
}
