import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import { aidtrailRules } from './tools/eslint-rules/index.js';

/** Libraries that also run in a browser: no clock, no randomness, no Node.js. */
const pureLibraries = '{domain,envelope,public-log,figures,verification}';
/** Specs, and what only specs may import: test helpers and the contract suites of ports. */
const specs = ['**/*.spec.{ts,tsx,js}', '**/testing.ts', '**/*.testing.ts', '**/testing/**', '**/contract{.ts,/**}'];
const nodeGlobals = Object.fromEntries(
  ['URL', 'console', 'performance', 'fetch', 'process', 'setTimeout', 'clearTimeout'].map((name) => [name, 'readonly']),
);
const jestGlobals = Object.fromEntries(
  ['afterAll', 'afterEach', 'beforeAll', 'beforeEach', 'describe', 'expect', 'it'].map((name) => [name, 'readonly']),
);

export default tseslint.config(
  { ignores: ['**/dist/', 'data/', '**/coverage/', 'docs/reference/', 'tools/boundaries/fixtures/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    rules: {
      eqeqeq: 'error',
      'no-param-reassign': 'error',
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
    },
  },
  { files: ['**/*.{js,mjs}'], languageOptions: { globals: nodeGlobals } },
  { files: ['**/*.spec.js'], languageOptions: { globals: { ...nodeGlobals, ...jestGlobals } } },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    plugins: { aidtrail: aidtrailRules },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      '@typescript-eslint/require-await': 'off', // a port's method is async whether or not this adapter waits
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      'aidtrail/no-float-money': 'error',
      'aidtrail/route-declares-caller': 'error',
    },
  },
  {
    files: ['{libs,apps}/*/src/**/*.{ts,tsx}', 'bench/src/**/*.ts'],
    ignores: specs,
    rules: {
      'max-lines': ['error', { max: 350 }],
      'max-lines-per-function': ['error', { max: 75, skipComments: true, skipBlankLines: true, IIFEs: true }],
    },
  },
  { files: ['libs/*/src/**/*.ts'], ignores: specs, rules: { 'no-console': 'error' } },
  {
    files: [`libs/${pureLibraries}/src/**/*.ts`],
    ignores: specs,
    rules: { 'aidtrail/pure-library': 'error' },
  },
);
