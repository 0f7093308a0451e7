/** Takes more than a minute of both cores: `AIDTRAIL_LONG=1 npm test -- same-leaves`. */
const long = ['/same-leaves\\.spec'];

/** ESM throughout: run with NODE_OPTIONS=--experimental-vm-modules (tools/test.mjs sets it). */
export default {
  testMatch: ['<rootDir>/(libs|apps|bench)/**/*.spec.ts', '<rootDir>/tools/**/*.spec.js'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', ...(process.env.AIDTRAIL_LONG === '1' ? [] : long)],
  modulePathIgnorePatterns: ['/dist/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '@swc/jest' },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  testTimeout: 60000,
  // One more than most machines' cores for the same time: many specs wait for a process, a slot or a time-out.
  maxWorkers: 3,
};
