import { RuleTester } from 'eslint';
import tseslint from 'typescript-eslint';
import { noFloatMoney } from './no-float-money.js';
import { pureLibrary } from './pure-library.js';
import { routeDeclaresCaller } from './route-declares-caller.js';

const tester = new RuleTester({ languageOptions: { parser: tseslint.parser } });

/** One error with these words in it. */
const error = (messageId, data) => [{ messageId, ...(data && { data }) }];

tester.run('route-declares-caller', routeDeclaresCaller, {
  valid: [
    `@Controller('log') class Log { @Public() @Get('checkpoint') checkpoint() {} }`,
    `@Controller() class Commands { @Post() @SignedCommand() run() {} }`,
    `@Controller() class Staff { @Roles('finance') @Get() journal() {} @ReadSession('field') @Get('x') x() {} }`,
    `@Controller() class Helper { private format() {} }`,
    `class NoController { @Get() read() {} }`,
    {
      code: `@Controller() class Own { @Anyone() @Get() read() {} }`,
      options: [{ decorators: ['Anyone'] }],
    },
  ],
  invalid: [
    {
      code: `@Controller('people') class People { @Get(':id') find() {} }`,
      errors: error('undeclared', {
        name: 'find',
        allowed: '@Public(), @ReadSession(), @SignedCommand(), @Monitor(), @Roles()',
      }),
    },
    {
      code: `@Controller() class Two { @Public() @Get() open() {} @Post() closed() {} }`,
      errors: error('undeclared'),
    },
    { code: `@Public() @Controller() class Health { @Get('live') live() {} }`, errors: error('undeclared') },
    { code: `@Controller() class Live { @Sse('events') events() {} }`, errors: error('undeclared') },
    { code: `@nest.Controller() class Dotted { @nest.Get() read() {} }`, errors: error('undeclared') },
    { code: `@Controller() class Arrow { @Get() read = () => 1; }`, errors: error('undeclared') },
    { code: `export const X = @Controller() class { @Delete() drop() {} }`, errors: error('undeclared') },
    {
      code: `@Controller() class Own { @Public() @Get() read() {} }`,
      options: [{ decorators: ['Anyone'] }],
      errors: error('undeclared'),
    },
  ],
});

tester.run('no-float-money', noFloatMoney, {
  valid: [
    `const totalMinor = aMinor + bMinor - 3;`,
    `const twice = amountMinor * 2;`,
    `const all = amountMinor * count;`,
    `const half = length / 2;`,
    `const rounded = Math.round(meters);`,
    `const label = ratio.toFixed(2);`,
    `const part = splitAmount(amountMinor, 3);`,
    `const isMinor = age / 18;`,
  ],
  invalid: [
    { code: `const half = amountMinor / 2;`, errors: error('operator', { operator: '/', name: 'amountMinor' }) },
    { code: `const share = total / voucher.amountMinor;`, errors: error('operator') },
    { code: `const share = (aMinor + bMinor) / 2;`, errors: error('operator') },
    { code: `const share = (amountMinor as number) / 100;`, errors: error('operator') },
    { code: `const share = Number(amountMinor) / 100;`, errors: error('operator') },
    { code: `const rest = amountMinor % 3;`, errors: error('operator') },
    { code: `amountMinor /= 2;`, errors: error('operator') },
    { code: `const fee = amountMinor * 0.006;`, errors: error('operator', { operator: '*', name: 'amountMinor' }) },
    { code: `const fee = -0.5 * this.amountMinor;`, errors: error('operator') },
    {
      code: `const a = Math.round(amountMinor);`,
      errors: error('call', { called: 'Math.round', name: 'amountMinor' }),
    },
    { code: `const a = Math.floor(x.amountMinor + 1);`, errors: error('call') },
    { code: `const a = parseFloat(amountMinor);`, errors: error('call') },
    { code: `const a = Number.parseFloat(row.amountMinor);`, errors: error('call') },
    { code: `const a = amountMinor.toFixed(2);`, errors: error('call', { called: 'toFixed', name: 'amountMinor' }) },
    { code: `const a = (amountMinor / 100).toFixed(2);`, errors: [{ messageId: 'call' }, { messageId: 'operator' }] },
  ],
});

tester.run('pure-library', pureLibrary, {
  valid: [
    `const at = new Date(text);`,
    `export function decide(command, { now }) { return now; }`,
    `import { x } from '@aidtrail/envelope';`,
    `function run(process) { return process.step; }`,
    `const { random } = sources; random();`,
    `step.process(); const o = { process: true };`,
    `interface Job { readonly process: string }`,
    `function f(crypto: Randomness) { return crypto.randomUUID(); }`,
    `const x = Math.floor(1.5);`,
  ],
  invalid: [
    { code: `const at = Date.now();`, errors: error('impure', { what: 'Date.now' }) },
    { code: `const clock = Date.now;`, errors: error('impure') },
    { code: `const at = new Date();`, errors: error('impure', { what: 'new Date()' }) },
    { code: `const text = Date();`, errors: error('impure') },
    { code: `const x = Math.random();`, errors: error('impure', { what: 'Math.random' }) },
    { code: `const x = Math['random']();`, errors: error('impure') },
    { code: `const x = performance.now();`, errors: error('impure') },
    { code: `const id = crypto.randomUUID();`, errors: error('impure') },
    { code: `const id = globalThis.crypto.randomUUID();`, errors: error('impure') },
    { code: `const home = process.env.HOME;`, errors: error('node', { what: 'process' }) },
    { code: `const env = globalThis.process;`, errors: error('node') },
    { code: `const { env } = process;`, errors: error('node') },
    { code: `const bytes = Buffer.from(text);`, errors: error('node', { what: 'Buffer' }) },
    { code: `import { createHash } from 'node:crypto';`, errors: error('node', { what: 'node:crypto' }) },
    { code: `export * from 'node:path';`, errors: error('node') },
    { code: `const fs = await import('node:fs');`, errors: error('node') },
  ],
});
