export { makeFolder } from './make-folder.js';
export { acquireOwnerLock, DataDirectoryInUse, type OwnerLock, type OwnerLockOptions } from './owner-lock.js';
