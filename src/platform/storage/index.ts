// Front door of the storage.
export { asFull, createLocalStorage, pieceBeside } from './local-storage.js';
export { type ByteRange, type ComposedObject, type ReceivedObject, type ReceiveLimits, STORAGE, type Storage, type StoredObject } from './storage.js';
