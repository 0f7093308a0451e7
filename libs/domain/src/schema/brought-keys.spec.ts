import { describe, expect, it } from '@jest/globals';
import type { CommandSpec } from '../kernel/table.js';
import { examplePublicKey, keyCommandExamples } from '../key/key.examples.js';
import { ledgerCommandExamples } from '../ledger/ledger.examples.js';
import { voucherCommandExamples } from '../voucher/voucher.examples.js';
import { broughtKeysOf } from './brought-keys.js';
import { describeType } from './describe.js';
import { commandTable } from './tables.js';

describe('the keys that a command brings', () => {
  it('are all that it names', () => {
    expect(broughtKeysOf(keyCommandExamples.EnrollKey())).toEqual([examplePublicKey]);
    expect(broughtKeysOf(keyCommandExamples.ApproveKey())).toEqual([]);
    const claim = voucherCommandExamples.ClaimVoucher();
    expect(broughtKeysOf(claim)).toEqual([claim.data.holder]);
    for (const rotation of [ledgerCommandExamples.RotateRootKey(), ledgerCommandExamples.RotateEventKey()])
      expect(broughtKeysOf(rotation)).toEqual([rotation.data.publicKey]);
    const { data } = ledgerCommandExamples.OpenLedger();
    expect([...broughtKeysOf(ledgerCommandExamples.OpenLedger())].sort()).toEqual(
      [data.eventKey, ...data.roots.map(({ publicKey }) => publicKey)].sort(),
    );
  });

  it('are found wherever the reference of commands shows one', () => {
    const shown = Object.entries<CommandSpec>(commandTable).filter(([, spec]) =>
      Object.values(spec.public).some((type) => describeType(type).includes('Ed25519 public key')),
    );
    expect(shown.map(([type]) => type).sort()).toEqual([
      'ClaimVoucher',
      'EnrollKey',
      'OpenLedger',
      'RotateEventKey',
      'RotateRootKey',
    ]);
  });
});
