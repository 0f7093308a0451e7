import { describe, expect, it } from '@jest/globals';
import { entitledSigners, entitlementRefusals, type EntitlementRefusal, type KeyView } from './entitlement.js';
import { exampleBase64 } from './examples.js';
import { refuse } from './decider.js';
import { keyIdOf } from './key-id.js';

const publicKeys = {
  gao: exampleBase64(1),
  lin: exampleBase64(2),
  former: exampleBase64(3),
  holder: exampleBase64(4),
};
const [gao, lin, former, holder] = Object.values(publicKeys).map(keyIdOf) as [string, string, string, string];
const ledger = {
  status: 'open' as const,
  roots: [
    { officer: 'root-gao', publicKey: publicKeys.gao },
    { officer: 'root-lin', publicKey: publicKeys.lin },
  ],
  formerRoots: [{ officer: 'root-lin', publicKey: publicKeys.former }],
};
const streams: Readonly<Record<string, KeyView>> = {
  li: { status: 'approved', role: 'finance', officer: 'finance-li' },
  li2: { status: 'approved', role: 'finance', officer: 'finance-li' },
  wang: { status: 'approved', role: 'finance', officer: 'finance-wang' },
  zhao: { status: 'approved', role: 'programme', officer: 'programme-zhao' },
  sun: { status: 'approved', role: 'worker', officer: 'worker-sun' },
  till: { status: 'approved', role: 'till', organisation: 'm', store: 's', campaigns: ['c'] },
  tillOfSun: { status: 'approved', role: 'till', officer: 'worker-sun' },
  claims: { status: 'approved', role: 'service' },
  proposed: { status: 'proposed', role: 'finance', officer: 'finance-zhou' },
  revoked: { status: 'revoked', role: 'finance', officer: 'finance-wu' },
};
const around = { ledger, keyOf: (keyId: string) => streams[keyId], keyIdOf };

const one = (...keys: string[]) => ({
  ...around,
  type: 'X',
  spec: { signatures: 'one', roles: ['finance'] } as const,
  data: {},
  keys,
});
const two = (...keys: string[]) => ({ ...one(...keys), spec: { signatures: 'two', roles: ['finance'] } as const });
const rotate = (...keys: string[]) => ({ ...one(...keys), spec: { signatures: 'roots', roles: ['root'] } as const });
const open = (...keys: string[]) => ({
  ...rotate(...keys),
  type: 'OpenLedger',
  ledger: { status: 'none' as const },
  data: { roots: ledger.roots },
});
const redeem = (consent: string, ...keys: string[]) => ({
  ...one(...keys),
  spec: { signatures: 'holder', roles: ['till'] } as const,
  data: { consent },
  holder: publicKeys.holder,
});
const claim = (...keys: string[]) => ({
  ...one(...keys),
  spec: { signatures: 'new-holder', roles: ['service', 'worker'] } as const,
  data: { holder: publicKeys.holder },
});
const policy = (...keys: string[]) => ({ ...one(...keys), spec: { signatures: 'policy', roles: [] } as const });

describe('refusals', () => {
  type Case = readonly [what: string, command: Parameters<typeof entitledSigners>[0]];
  const cases: Record<EntitlementRefusal, readonly Case[]> = {
    key_unknown: [
      ['a stranger', one('nobody')],
      ['no signature at all', one()],
      ['a stranger as second', two('li', 'nobody')],
      ['a root of no opening', open(gao, former)],
      ['a root, before the ledger is open', { ...rotate(gao, lin), ledger: { status: 'none' } }],
      ['a stranger before a key that was revoked', two('revoked', 'nobody')],
      ['a holder’s key as worker', redeem('assisted', 'till', holder)],
    ],
    key_not_approved: [
      ['a proposed key', one('proposed')],
      ['a proposed key before a revoked one', two('revoked', 'proposed')],
    ],
    key_revoked: [
      ['a revoked key', one('revoked')],
      ['a replaced root key', rotate(gao, former)],
      ['a revoked key before a wrong role', two('zhao', 'revoked')],
    ],
    role_not_allowed: [
      ['another role', one('zhao')],
      ['another role as second', two('li', 'zhao')],
      ['no root', rotate(gao, 'li')],
      ['no worker beside the till', redeem('assisted', 'till', 'li')],
      ['any signature under a policy’s command', policy('li')],
      ['another role, and nobody else', two('zhao')],
    ],
    second_signature_missing: [
      ['one officer alone', two('li')],
      ['one root alone', rotate(gao)],
      ['not every root at the opening', open(gao)],
      ['the till alone', redeem('holder', 'till')],
      ['the till alone, assisted', redeem('assisted', 'till')],
      ['the claim service alone', claim('claims')],
    ],
    too_many_signatures: [
      ['two keys for one', one('li', 'wang')],
      ['three keys for two', two('li', 'wang', 'li2')],
      ['three roots for two', rotate(gao, lin, 'li')],
      ['a worker beside the holder', redeem('holder', 'till', holder, 'sun')],
      ['one officer twice, and a third', two('li', 'li2', 'wang')],
    ],
    same_officer: [
      ['two keys of one officer', two('li', 'li2')],
      ['one key twice', two('li', 'li')],
      ['one root twice', rotate(gao, gao)],
      ['one root twice at the opening', open(gao, gao)],
      ['a till and a worker of one officer', redeem('assisted', 'tillOfSun', 'sun')],
    ],
    holder_key_wrong: [
      ['another holder’s key', redeem('holder', 'till', lin)],
      ['a worker’s key in the holder’s place', redeem('holder', 'till', 'sun')],
      ['a voucher without a holder', without(redeem('holder', 'till', holder), 'holder')],
      ['another key than the one claimed for', claim('claims', lin)],
    ],
  };
  const rows = Object.entries(cases).flatMap(([code, list]) =>
    list.map(([what, command]) => [code as EntitlementRefusal, what, command] as const),
  );

  it('are documented in the order of precedence', () => {
    expect(Object.keys(cases)).toStrictEqual(Object.keys(entitlementRefusals));
  });

  it.each(rows)('%s: %s', (code, _what, command) => {
    expect(entitledSigners(command)).toStrictEqual(refuse(code));
  });
});

describe('entitled signers', () => {
  const enrolled = (keyId: string) => {
    const { status: _status, ...view } = streams[keyId] as Exclude<KeyView, { status: 'none' }>;
    return { kind: 'enrolled', keyId, ...view };
  };
  const root = (keyId: string, officer: string) => ({ kind: 'enrolled', keyId, role: 'root', officer });
  const roots = [root(gao, 'root-gao'), root(lin, 'root-lin')];
  const consenting = { kind: 'holder', publicKey: publicKeys.holder };

  it.each([
    ['one', one('li'), [enrolled('li')]],
    ['two of different officers', two('wang', 'li'), [enrolled('wang'), enrolled('li')]],
    ['two roots', rotate(gao, lin), roots],
    ['every root, in any order', open(lin, gao), [...roots].reverse()],
    ['till and holder', redeem('holder', 'till', holder), [enrolled('till'), consenting]],
    ['till and worker', redeem('assisted', 'till', 'sun'), [enrolled('till'), enrolled('sun')]],
    ['claim service and new holder', claim('claims', holder), [enrolled('claims'), consenting]],
    ['worker and new holder', claim('sun', holder), [enrolled('sun'), consenting]],
    ['nobody', policy(), []],
  ])('%s', (_what, command, signers) => {
    expect(entitledSigners(command)).toStrictEqual(signers);
  });

  it('include a root for a command of one root', () => {
    expect(entitledSigners({ ...one(gao), spec: { signatures: 'one', roles: ['root', 'programme'] } })).toStrictEqual([
      roots[0],
    ]);
  });
});

function without<T extends object, K extends keyof T>(value: T, name: K): Omit<T, K> {
  const { [name]: _left, ...rest } = value;
  return rest;
}
