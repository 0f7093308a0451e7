/** ESM throughout: run with NODE_OPTIONS=--experimental-vm-modules (tools/test.mjs sets it). */
export default {
  testMatch: ['<rootDir>/(libs|apps|bench)/**/*.spec.ts', '<rootDir>/tools/**/*.spec.js'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '@swc/jest' },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  testTimeout: 60000,
  // One more than most machines' cores for the same time: many specs wait for a process, a slot or a time-out.
  maxWorkers: 3,
};
