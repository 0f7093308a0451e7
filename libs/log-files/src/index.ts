export { LogConflict, LogDirectory, REBUILD } from './log-directory.js';
export { readIfThere, replaceFile, syncFolder, writeNewFile } from './durable-files.js';
