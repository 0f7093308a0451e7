export { startApi } from './app/start-api.js';
export type { RunningApi, StartOptions } from './app/start-api.js';
export { openApiText } from './openapi/openapi-text.js';
