// Chooses a picture to look for.
import { useRef } from 'react';
import { pictureIn, searchByPicture } from '../search/picture';
import { PictureIcon } from '../shell/icons';
import { showFailure } from '../shell/toasts';
import styles from './picture-button.module.css';

export function PictureButton() {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" className={styles.button} onClick={() => input.current?.click()} aria-label="Look for a picture" title="Look for a picture: choose, paste or drop one">
        <PictureIcon />
      </button>
      <input
        ref={input}
        type="file"
        accept="image/*"
        hidden
        aria-label="Picture to look for"
        onChange={({ currentTarget }) => {
          const picture = pictureIn(currentTarget.files);
          currentTarget.value = '';
          if (picture) void searchByPicture(picture).catch(showFailure);
        }}
      />
    </>
  );
}
