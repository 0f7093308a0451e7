import { describe, expect, it } from '@jest/globals';
import { exampleBase64, exampleContext, exampleOfficer } from '../kernel/examples.js';
import { keyIdOf } from '../kernel/key-id.js';
import { testRefusals } from '../kernel/refusal-cases.testing.js';
import { spec } from '../kernel/testing.js';
import { ledgerConcept } from './ledger.decider.js';
import {
  exampleRoots,
  exampleRootSigners,
  ledgerCommandExamples as ask,
  ledgerEventExamples as event,
} from './ledger.examples.js';

const free = { stream: 'key-x', version: 0, state: { status: 'none' } };
const enrolled = { stream: 'key-x', version: 1, state: { status: 'proposed' } };
const facts = { context: exampleContext({ signers: exampleRootSigners }), key: free };
const opening = { given: [], when: ask.OpenLedger(), facts };
const rotating = { given: [event.LedgerOpened()], when: ask.RotateRootKey(), facts };
const [gao, lin] = exampleRoots as [(typeof exampleRoots)[number], (typeof exampleRoots)[number]];

testRefusals(ledgerConcept, {
  ledger_exists: { of: opening, change: { given: [event.LedgerOpened()] } },
  ledger_not_open: { of: rotating, change: { given: [] } },
  root_officers_not_distinct: {
    of: opening,
    change: { data: { roots: [gao, { ...lin, officer: gao.officer }] } },
  },
  root_signature_missing: { of: opening, change: { context: { signers: exampleRootSigners.slice(1) } } },
  two_roots_needed: { of: rotating, change: { context: { signers: exampleRootSigners.slice(1) } } },
  root_officer_unknown: { of: rotating, change: { data: { officer: 'root-wei' } } },
  key_in_use: { of: opening, change: { data: { eventKey: gao.publicKey } } },
  day_not_in_calendar: { of: opening, change: { data: { openingDay: '2026-11-31' } } },
});

describe('leaf 0', () => {
  it('says who answers for the ledger and with which keys', () => {
    const opened = spec(ledgerConcept).given([]).when(ask.OpenLedger(), facts);
    opened.then([event.LedgerOpened()]);
    expect(opened.accepted().state()).toMatchObject({ status: 'open', roots: exampleRoots, demo: false });
  });

  it('has a key for each root officer', () => {
    const roots = [gao, { ...lin, publicKey: gao.publicKey }];
    spec(ledgerConcept).given([]).when(ask.OpenLedger({ roots }), facts).thenRefused('key_in_use');
  });

  it('a demonstration is told as such', () => {
    expect(
      spec(ledgerConcept)
        .given([event.LedgerOpened({ demo: true })])
        .state(),
    ).toMatchObject({ demo: true });
  });
});

describe('rotation', () => {
  it('asks whether the new key is enrolled for something else', () => {
    const stream = `key-${keyIdOf(exampleBase64(4))}`;
    expect(ledgerConcept.needs(ask.RotateRootKey())).toStrictEqual([{ name: 'key', stream }]);
    expect(ledgerConcept.needs(ask.OpenLedger())).toStrictEqual([]);
  });

  it('replaces a root key; the old one is never used again', () => {
    const rotated = spec(ledgerConcept).given([event.LedgerOpened()]).when(ask.RotateRootKey(), facts);
    rotated.then([event.RootKeyRotated()]);
    const after = rotated.accepted();
    expect(after.state()).toMatchObject({
      roots: [gao, { officer: 'root-lin', publicKey: exampleBase64(4) }],
      formerRoots: [lin],
    });
    after.when(ask.RotateRootKey(), facts).then([]);
    after.when(ask.RotateRootKey({ publicKey: lin.publicKey }), facts).thenRefused('key_in_use');
    after.when(ask.RotateEventKey({ publicKey: lin.publicKey }), facts).thenRefused('key_in_use');
  });

  it('replaces the event key; the old one is never used again', () => {
    const rotated = spec(ledgerConcept).given([event.LedgerOpened()]).when(ask.RotateEventKey(), facts);
    rotated.then([event.EventKeyRotated()]);
    const after = rotated.accepted();
    expect(after.state()).toMatchObject({ eventKey: exampleBase64(5), formerEventKeys: [exampleBase64(3)] });
    after.when(ask.RotateEventKey(), facts).then([]);
    after.when(ask.RotateEventKey({ publicKey: exampleBase64(3) }), facts).thenRefused('key_in_use');
  });

  it.each([ask.RotateRootKey(), ask.RotateEventKey()])('takes no key that is enrolled: $type', (command) => {
    spec(ledgerConcept)
      .given([event.LedgerOpened()])
      .when(command, { ...facts, key: enrolled })
      .thenRefused('key_in_use');
  });

  it.each([
    ['one officer with two keys', [exampleRootSigners[0], { ...exampleRootSigners[1], officer: 'root-gao' }]],
    ['a root and somebody else', [exampleRootSigners[0], exampleOfficer('finance', 'finance-li')]],
  ])('is not signed by %s', (_what, signers) => {
    spec(ledgerConcept)
      .given([event.LedgerOpened()])
      .when(ask.RotateEventKey(), {
        ...facts,
        context: exampleContext({ signers: signers as typeof exampleRootSigners }),
      })
      .thenRefused('two_roots_needed');
  });
});
