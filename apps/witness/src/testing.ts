export { GrowingLog } from './growing-log.testing.js';
