import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  base64Encode,
  hexDecodeOrThrow,
  keyIdOf,
  parseLeafOrThrow,
  uuidV5,
  type Leaf,
  type SignedCommand,
} from '@aidtrail/envelope';
import { Lines } from '@aidtrail/testing/forged-lines';
import { Forger, inSecondSpelling } from '@aidtrail/testing/forging';
import { openStage, type Stage } from '@aidtrail/testing/forging-stage';
import { newSigner } from '@aidtrail/testing/ledger';
import { publishLog, witnessesForSpecs } from '@aidtrail/testing/published-log';
import { Audits, type Audited } from './audited-log.testing.js';
import { killRemaining } from './program.testing.js';

/**
 * An operator with all keys appends what no honest ledger writes, and publishes a log that is whole in every hash, signature
 * and cosignature of its own. The built program, with nothing but the public files and a policy, has to say what is wrong.
 */
let audits: Audits;
let stage: Stage;
let lines: Lines;
beforeAll(async () => {
  audits = await Audits.begin();
  stage = await openStage();
  lines = new Lines(stage);
});
afterAll(async () => {
  await killRemaining();
  await audits.end();
});

async function auditedAfter(forge: (f: Forger) => unknown): Promise<Audited> {
  const forger = await Forger.at(stage.h);
  await forge(forger);
  return audits.of(publishLog(forger.leaves, { origin: stage.h.origin, witnesses: witnessesForSpecs(2) }));
}

const leafOf = (f: Forger, type: string): Leaf =>
  f.leaves.map((bytes) => parseLeafOrThrow(bytes)).findLast((leaf) => leaf.type === type) as Leaf;

/** The leaf once more, as a further event of its stream. */
function again(f: Forger, type: string, change: Partial<Pick<Leaf, 'command' | 'id' | 'stream'>> = {}): void {
  const { stream, data, command, id, facts = [] } = { ...leafOf(f, type), ...change };
  f.append({ type, stream, data, command, id, exactFacts: facts });
}

/** A redemption under a command that was put together by hand. */
async function redeemed(f: Forger, change: (signed: SignedCommand) => SignedCommand): Promise<void> {
  const command = change(await stage.h.sign(lines.redeem(100), lines.signers));
  const facts = [lines.campaign, lines.programme, `key-${lines.signers[0].keyId}`];
  f.append({ ...lines.redeemed(100), command, facts, id: uuidV5(command.body.id, '0') });
}

const withSecond =
  (forge: (signature: Uint8Array, signed: SignedCommand) => Uint8Array) => (signed: SignedCommand) => ({
    ...signed,
    sigs: signed.sigs.map(({ key, sig }, i) =>
      i === 1 ? { key, sig: base64Encode(forge(Uint8Array.from(Buffer.from(sig, 'base64')), signed)) } : { key, sig },
    ),
  });

const lowOrder = base64Encode(hexDecodeOrThrow(`01${'00'.repeat(31)}`));
const nowhere = '3f2b6c1e-9d4a-4c7b-8a11-5e0d2f6b7c88';

/** What was done, by whom it shows, and how. */
const forgeries: readonly (readonly [string, (f: Forger) => unknown, string])[] = [
  [
    'redeems with a holder’s signature that is its own',
    (f) =>
      redeemed(
        f,
        withSecond((_, { bodyBytes }) => newSigner().sign(bodyBytes)),
      ),
    'second_signature_invalid',
  ],
  [
    'redeems with a signature in its second spelling',
    (f) => redeemed(f, withSecond(inSecondSpelling)),
    'second_signature_invalid',
  ],
  [
    'redeems without the holder’s consent',
    (f) => f.act(lines.redeem(100), [lines.signers[0]], lines.redeemed(100)),
    'not_entitled',
  ],
  [
    'redeems with a stranger’s consent',
    (f) => f.act(lines.redeem(100), [lines.signers[0], newSigner()], lines.redeemed(100)),
    'rule_broken',
  ],
  [
    'redeems at a till that was revoked',
    (f) => f.act(lines.redeem(100), [stage.lostTill, stage.holder], lines.redeemed(100)),
    'not_entitled',
  ],
  [
    'redeems more than the voucher holds',
    (f) => f.act(lines.redeem(3_801), lines.signers, lines.redeemed(3_801)),
    'rule_broken',
  ],
  [
    'has a command signed today that passes for one of last week',
    (f) => f.act({ ...lines.redeem(100), anchor: stage.oldAnchor }, lines.signers, lines.redeemed(100)),
    'anchor_stale',
  ],
  [
    'names a checkpoint that never was',
    (f) =>
      f.act(
        { ...lines.redeem(100), anchor: { ...stage.oldAnchor, size: f.leaves.length - 1 } },
        lines.signers,
        lines.redeemed(100),
      ),
    'anchor_differs',
  ],
  [
    'enrols a key under which any signature holds',
    (f) =>
      f.act({ type: 'EnrollKey', data: { publicKey: lowOrder, role: 'service' } }, [stage.h.roots[0]], {
        type: 'KeyEnrolled',
        stream: `key-${keyIdOf(Buffer.from(lowOrder, 'base64'))}`,
        data: { publicKey: lowOrder, role: 'service', enroller: 'root-1' },
        facts: ['ledger-main'],
      }),
    'rule_broken',
  ],
  [
    'issues a voucher beyond those of the batch',
    (f) => f.append({ ...lines.issued, command: { ref: leafOf(f, 'BatchFunded').id } }),
    'batch_over_issued',
  ],
  [
    'has a batch approved by its maker',
    (f) => {
      const { batch, terms } = stage.draft;
      const command = { type: 'ApproveBatch', data: { batch, ...terms } };
      return f.act(command, [stage.relief.keys.programme1], {
        type: 'BatchApproved',
        stream: `batch-${batch}`,
        data: { ...terms, officer: 'programme-1', approval: 1, approvals: 1 },
        facts: [lines.campaign, lines.programme],
      });
    },
    'rule_broken',
  ],
  [
    'has an effect without its cause',
    (f) => again(f, 'TransferReceived', { command: { ref: nowhere }, id: uuidV5(nowhere, '0') }),
    'effect_without_cause',
  ],
  ['has an effect twice', (f) => again(f, 'TransferReceived'), 'effect_repeated'],
  [
    'counts a window of a merchant twice',
    (f) => again(f, 'SettlementProposed', { stream: `settlement-${nowhere}`, id: nowhere }),
    'effect_repeated',
  ],
  ['uses one signed command twice', (f) => again(f, 'VoucherRedeemed'), 'command_repeated'],
];

describe('an operator who has all keys', () => {
  it.each(forgeries)('%s', async (_, forge, code) => {
    const { exitCode, codes } = await auditedAfter(forge);
    expect([exitCode, codes]).toEqual([1, expect.arrayContaining([code])]);
  });

  it('has done nothing wrong so far', async () => {
    const { exitCode, codes } = await auditedAfter(() => undefined);
    expect([exitCode, codes]).toEqual([0, []]);
  });
});
