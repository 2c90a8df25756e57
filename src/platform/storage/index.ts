// Front door of the storage.
export { createStorage } from './create-storage.js';
export { asFull } from './full-disk.js';
export { createLocalStorage } from './local-storage.js';
export { ImportBuckets } from './import-buckets.js';
export {
  type ByteRange,
  type ComposedObject,
  type Parts,
  type ReceivedObject,
  type ReceiveLimits,
  STORAGE,
  type Storage,
  type StoredObject,
  type WantedRoom,
} from './storage.js';
