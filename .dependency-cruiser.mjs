/**
 * Who may import whom, the table of the architecture page. `npm run boundaries` checks it, and
 * `tools/boundaries/boundaries.spec.js` breaks each rule on purpose to show that it bites.
 */
const EVERYTHING = '[^/]+';

/** Each library's arrows. A library that is missing here may import no other. */
const arrows = {
  domain: [],
  envelope: [],
  client: ['domain', 'envelope'],
  'crypto-node': ['envelope'],
  'event-store': ['envelope', 'data-directory'],
  'data-directory': [],
  ledger: ['domain', 'envelope', 'event-store', 'public-log'],
  'read-models': ['domain', 'envelope', 'event-store', 'figures'],
  'public-log': ['envelope'],
  'log-files': ['envelope', 'public-log'],
  figures: ['domain', 'envelope'],
  verification: ['domain', 'envelope', 'public-log', 'figures'],
  privacy: ['domain', 'envelope', 'public-log'],
  nest: ['(?!testing/)[^/]+'],
  interop: ['domain'],
  testing: [EVERYTHING],
};

/** These run in a browser as well, so they may use these packages from outside and no others. */
const pureLibraries = '(client|domain|envelope|public-log|figures|verification)';
const purePackages = ['zod', '@noble/hashes', 'canonicalize', 'tweetnacl'];

/** Helpers of specs, and the contract suites of ports: `testing.ts`, `x.testing.ts`, `testing/`, `contract.ts`, `contract/`. */
const testSupport = '[/.]testing(\\.ts$|/)|/contract(\\.ts$|/)';
const specs = `\\.spec\\.tsx?$|${testSupport}`;
const demo = '^apps/cli/src/.*demo';

const arrowRules = [...Object.entries(arrows), ['__other__', []]].map(([library, allowed]) => ({
  name: library === '__other__' ? 'arrows-unlisted-library' : `arrows-${library}`,
  severity: 'error',
  comment: `libs/${library} may import only: ${allowed.join(', ') || 'no other library'}; its specs also testing.`,
  from: {
    path: library === '__other__' ? `^libs/(?!(?:${Object.keys(arrows).join('|')})/)([^/]+)/` : `^libs/(${library})/`,
    pathNot: specs,
  },
  to: {
    path: '^libs/',
    pathNot: library === '__other__' ? '^libs/$1/' : `^libs/(${[library, ...allowed].join('|')})/`,
  },
}));

const specRules = Object.entries(arrows).map(([library, allowed]) => ({
  name: `arrows-${library}-specs`,
  severity: 'error',
  comment: `The specs of libs/${library} may import what the library may, and testing.`,
  from: { path: `^libs/${library}/.*(${specs})` },
  to: { path: '^libs/', pathNot: `^libs/(${[library, 'testing', ...allowed].join('|')})/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...arrowRules,
    ...specRules,
    {
      name: 'testing-is-for-specs-and-demo',
      severity: 'error',
      comment: 'Fault injectors, builders and contract suites must not reach production code.',
      from: { path: '^(apps|libs)/', pathNot: [specs, demo] },
      to: { path: testSupport, pathNot: 'node_modules/' },
    },
    {
      name: 'libraries-do-not-import-apps',
      severity: 'error',
      comment: 'Apps compose libraries, never the other way round.',
      from: { path: '^libs/' },
      to: { path: '^(apps|bench)/' },
    },
    {
      name: 'apps-stand-alone',
      severity: 'error',
      comment: 'Only the command line fronts other apps; the api runs the projector in its single-process mode.',
      from: { path: '^apps/([^/]+)/', pathNot: '^apps/cli/' },
      to: { path: '^(apps|bench)/', pathNot: ['^apps/$1/', '^apps/projector/'] },
    },
    {
      name: 'sites-run-in-a-browser',
      severity: 'error',
      comment: 'The public and the staff site may import pure libraries only.',
      from: { path: '^apps/(portal|console)/src/', pathNot: specs },
      to: { path: '^libs/', pathNot: `^libs/${pureLibraries}/` },
    },
    {
      name: 'the-port-not-the-adapter',
      severity: 'error',
      comment: 'The ledger and the read models know the event store by its port; the apps choose the adapter.',
      from: { path: '^libs/(ledger|read-models)/', pathNot: specs },
      to: { path: '^libs/event-store/src/', pathNot: '^libs/event-store/src/(index|port)\\.ts$' },
    },
    {
      name: 'nest-stays-at-the-edge',
      severity: 'error',
      comment: 'Deciders, pipeline, projections and verification must run without the framework.',
      from: { path: '^(libs|apps)/', pathNot: ['^libs/(nest|testing)/', '^apps/(api|projector)/'] },
      to: { path: 'node_modules/@nestjs/' },
    },
    {
      name: 'pure-libraries-stay-pure',
      severity: 'error',
      comment: `No Node.js and no package but ${purePackages.join(', ')}: this code also runs in a browser.`,
      from: { path: `^libs/${pureLibraries}/`, pathNot: specs },
      to: {
        dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'],
        pathNot: ['^libs/', ...purePackages.map((name) => `node_modules/${name}/`)],
      },
    },
    {
      name: 'no-relative-path-into-another-package',
      severity: 'error',
      comment: "Import another package by its name: its package.json's exports say what is public.",
      from: { path: '^(libs|apps)/([^/]+)/' },
      to: { path: '^(libs|apps|bench)/', pathNot: '^$1/$2/', dependencyTypes: ['local'] },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Two files that need each other are one concept, or hide a third.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'everything-resolves',
      severity: 'error',
      comment: 'The import leads nowhere, or to a file that its package does not export.',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(libs/[^/]+|apps/[^/]+|bench)/(dist|data|coverage)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'types', 'import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.d.ts', '.js', '.mjs', '.json'],
    },
  },
};
