import { describe, expect, it } from '@jest/globals';
import type { SignerView } from './concept.js';
import {
  entitle,
  entitlementRefusals,
  type EntitlementRefusal,
  type KnownKey,
  type SignerToCheck,
} from './entitlement.js';
import { exampleBase64 } from './examples.js';
import type { CommandSpec } from './table.js';

const keys = {
  gao: { status: 'approved', role: 'root', officer: 'root-gao' },
  lin: { status: 'approved', role: 'root', officer: 'root-lin' },
  wei: { status: 'approved', role: 'root', officer: 'root-wei' },
  li: { status: 'approved', role: 'finance', officer: 'finance-li' },
  li2: { status: 'approved', role: 'finance', officer: 'finance-li' },
  wang: { status: 'approved', role: 'finance', officer: 'finance-wang' },
  zhao: { status: 'approved', role: 'programme', officer: 'programme-zhao' },
  sun: { status: 'approved', role: 'worker', officer: 'worker-sun' },
  till: { status: 'approved', role: 'till', organisation: 'm', store: 's', campaigns: ['c'] },
  tillOfSun: { status: 'approved', role: 'till', officer: 'worker-sun' },
  claims: { status: 'approved', role: 'service' },
  nameless: { status: 'approved', role: 'finance' },
  stranger: { status: 'none' },
  proposed: { status: 'proposed', role: 'finance', officer: 'finance-zhou' },
  revoked: { status: 'revoked', role: 'finance', officer: 'finance-wu' },
} as const satisfies Record<string, KnownKey>;

type Name = keyof typeof keys | 'holder';

const holderKey = exampleBase64(4);
const signer = (name: Name): SignerToCheck =>
  name === 'holder' ? { keyId: name, key: { status: 'none' }, holder: holderKey } : { keyId: name, key: keys[name] };
const asking = (signatures: CommandSpec['signatures'], roles: CommandSpec['roles']) => (names: readonly Name[]) =>
  entitle({ signatures, roles }, names.map(signer));

const one = asking('one', ['finance']);
const two = asking('two', ['finance']);
const roots = asking('roots', ['root']);
const redeem = asking('holder', ['till']);
const claim = asking('new-holder', ['service', 'worker']);
const policy = asking('policy', []);

describe('refusals', () => {
  type Case = readonly [what: string, ask: typeof one, names: readonly Name[]];
  const cases: Record<EntitlementRefusal, readonly Case[]> = {
    key_unknown: [
      ['a stranger', one, ['stranger']],
      ['a stranger as second', two, ['li', 'stranger']],
      ['a stranger after a key that waits for approval', two, ['proposed', 'stranger']],
    ],
    key_not_approved: [
      ['a proposed key', one, ['proposed']],
      ['a proposed key after a revoked one', two, ['revoked', 'proposed']],
    ],
    key_revoked: [
      ['a revoked key', one, ['revoked']],
      ['a revoked key after one of another role', two, ['zhao', 'revoked']],
    ],
    role_not_allowed: [
      ['another role', one, ['zhao']],
      ['another role as second', two, ['li', 'zhao']],
      ['another role as third root', roots, ['gao', 'lin', 'li']],
      ['a holder in an officer’s place', two, ['li', 'holder']],
      ['a holder in the till’s place', redeem, ['holder', 'till']],
      ['any signature under a policy’s command', policy, ['li']],
      ['another role, and nobody else', two, ['zhao']],
    ],
    second_signature_missing: [
      ['no signature at all', one, []],
      ['one officer alone', two, ['li']],
      ['one root alone', roots, ['gao']],
      ['the till alone', redeem, ['till']],
      ['the claim service alone', claim, ['claims']],
    ],
    too_many_signatures: [
      ['two keys for one', one, ['li', 'wang']],
      ['one officer twice, and a third', two, ['li', 'li2', 'wang']],
    ],
    same_officer: [
      ['two keys of one officer', two, ['li', 'li2']],
      ['one key twice', two, ['li', 'li']],
      ['one nameless key twice', two, ['nameless', 'nameless']],
      ['one root twice', roots, ['gao', 'lin', 'gao']],
      ['a till and a worker of one officer', redeem, ['tillOfSun', 'sun']],
    ],
    holder_key_wrong: [
      ['a stranger, or a former holder, in the holder’s place', redeem, ['till', 'stranger']],
      ['a stranger in the new holder’s place', claim, ['claims', 'stranger']],
      ['an officer in the holder’s place', redeem, ['till', 'li']],
      ['a worker in the new holder’s place', claim, ['claims', 'sun']],
    ],
  };
  const rows = Object.entries(cases).flatMap(([code, list]) =>
    list.map(([what, ask, names]) => ({ code, what, ask, names })),
  );

  it('are documented in the order of precedence', () => {
    expect(Object.keys(cases)).toStrictEqual(Object.keys(entitlementRefusals));
  });

  it.each(rows)('$code: $what', ({ code, ask, names }) => {
    expect(ask(names)).toStrictEqual({ refused: code });
  });
});

describe('entitled signers', () => {
  const view = (name: Name): SignerView => {
    if (name === 'holder') return { kind: 'holder', publicKey: holderKey };
    const { status: _status, ...known } = keys[name] as Extract<(typeof keys)[keyof typeof keys], { role: string }>;
    return { kind: 'enrolled', keyId: name, ...known };
  };
  const accepted: readonly { what: string; ask: typeof one; names: readonly Name[] }[] = [
    { what: 'one', ask: one, names: ['li'] },
    { what: 'two of different officers', ask: two, names: ['wang', 'li'] },
    { what: 'two roots', ask: roots, names: ['gao', 'lin'] },
    { what: 'every root, for leaf 0', ask: roots, names: ['wei', 'gao', 'lin'] },
    { what: 'till and holder', ask: redeem, names: ['till', 'holder'] },
    { what: 'till and field worker', ask: redeem, names: ['till', 'sun'] },
    { what: 'claim service and new holder', ask: claim, names: ['claims', 'holder'] },
    { what: 'field worker and new holder', ask: claim, names: ['sun', 'holder'] },
    { what: 'nobody, for a policy', ask: policy, names: [] },
  ];

  it.each(accepted)('$what', ({ ask, names }) => {
    expect(ask(names)).toStrictEqual(names.map(view));
  });
});
