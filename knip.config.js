/** `npm run unused`: files, exports and dependencies that nothing uses. */
export default {
  ignoreExportsUsedInFile: { interface: true, type: true },
  workspaces: {
    '.': {
      entry: ['tools/*.mjs', 'tools/**/*.spec.js', '.dependency-cruiser.mjs'],
      project: ['tools/**/*.{js,mjs}'],
    },
    'libs/*': {
      entry: ['src/**/*.spec.ts', 'src/**/worker.ts', 'src/**/*.worker.ts'],
      project: ['src/**/*.ts'],
    },
    'apps/*': {
      entry: [
        'bin/*.js',
        'src/index.ts',
        'src/main.{ts,tsx}',
        'src/**/*.spec.{ts,tsx}',
        'src/**/worker.ts',
        'src/**/*.worker.ts',
        'bench/*.ts',
      ],
      project: ['src/**/*.{ts,tsx}', 'bin/*.js'],
    },
    bench: {
      entry: ['src/index.ts', 'src/**/*.spec.ts', 'src/**/*.worker.ts'],
      project: ['src/**/*.ts'],
    },
  },
};
