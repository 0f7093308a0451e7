export { startApi } from './app/start-api.js';
export type { RunningApi, StartOptions } from './app/start-api.js';
