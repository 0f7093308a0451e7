export * from './public-figures.js';
export * from './figure-definitions.js';
export * from './privacy-count.js';
