export { GrowingLog, tilesOf } from './growing-log.testing.js';
