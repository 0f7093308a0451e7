/** ESM throughout: run with NODE_OPTIONS=--experimental-vm-modules (tools/test.mjs sets it). */
export default {
  testMatch: ['<rootDir>/(libs|apps|tools|bench)/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '@swc/jest' },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons', 'import', 'default'] },
  testTimeout: 60000,
  maxWorkers: 2,
};
