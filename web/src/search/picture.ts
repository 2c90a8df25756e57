// The picture that is searched for: made small in the browser, and kept for this visit.
import { navigate } from '../address/address';
import { createStore, useStore } from '../store/store';

const MOST_PIXELS_ACROSS = 768;

/** As a data address; '' where none was given. */
const picture = createStore('');

export const usePicture = (): string => useStore(picture);

export const pictureIn = (files: Iterable<File> | undefined | null): File | undefined => [...(files ?? [])].find(({ type }) => type.startsWith('image/'));

/** Looks for it in the whole library. Rejects where the file is no picture that a browser reads. */
export async function searchByPicture(file: File): Promise<void> {
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new Error(`${file.name} is no picture that this browser reads; PNG, JPEG and WebP are.`);
  });
  const scale = Math.min(1, MOST_PIXELS_ACROSS / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [Math.max(1, Math.round(bitmap.width * scale)), Math.max(1, Math.round(bitmap.height * scale))];
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  picture.set(canvas.toDataURL('image/png'));
  navigate('/search?picture=1');
}
