import { beforeAll, describe, expect, it } from '@jest/globals';
import { base64Encode, hexDecodeOrThrow, keyIdOf, uuidV5, type SignedCommand, type Signer } from '@aidtrail/envelope';
import { newSigner, publicKeyOf } from '@aidtrail/testing/ledger';
import { auditOf, type Audited } from '../audit/audit-of.testing.js';
import type { Finding } from '../findings/finding.js';
import { Forger, inSecondSpelling } from '@aidtrail/testing/forging';
import { Lines } from '@aidtrail/testing/forged-lines';
import { ownFindings } from './own-findings.testing.js';
import { openStage, type Stage } from '@aidtrail/testing/forging-stage';

let stage: Stage;
let forger: Forger;
let lines: Lines;
beforeAll(async () => {
  stage = await openStage();
  lines = new Lines(stage);
});

/** What is said of a log that goes on from the stage. */
async function said(forge: (f: Forger) => Promise<unknown>): Promise<Audited & { readonly own: readonly Finding[] }> {
  forger = await Forger.at(stage.h);
  await forge(forger);
  const result = auditOf(forger.log);
  return { ...result, own: ownFindings(result.findings) };
}

const last = (): number => forger.leaves.length - 1;
const refused = (expected: string, code = 'not_entitled') => [{ code, leaf: last(), subject: lines.voucher, expected }];

/** A redemption whose command was put together by hand: whatever it says, its leaf is the operator's. */
async function redeemed(
  f: Forger,
  change: (signed: SignedCommand) => SignedCommand,
  signers: readonly Signer[] = lines.signers,
): Promise<void> {
  const command = change(await stage.h.sign(lines.redeem(100), signers));
  const facts = [lines.campaign, lines.programme, `key-${lines.signers[0].keyId}`];
  f.append({ ...lines.redeemed(100), command, facts, id: uuidV5(command.body.id, '0') });
}

/** The same command with another signature in one place. */
const withSignature = (place: number, forge: (sig: Uint8Array) => Uint8Array) => (signed: SignedCommand) => ({
  ...signed,
  sigs: signed.sigs.map(({ key, sig }, i) =>
    i === place ? { key, sig: base64Encode(forge(Uint8Array.from(Buffer.from(sig, 'base64')))) } : { key, sig },
  ),
});

describe('a redemption that the operator made up', () => {
  it('shows by the signature that only the holder could make', async () => {
    const stranger = newSigner();
    const { own, forged } = await said((f) =>
      redeemed(f, (signed) => withSignature(1, () => stranger.sign(signed.bodyBytes))(signed)),
    );
    expect(own).toStrictEqual([]);
    expect(forged).toStrictEqual([{ leaf: last(), by: 'second' }]);
  });

  it('shows by the signature that only the till could make', async () => {
    const { forged } = await said((f) =>
      redeemed(
        f,
        withSignature(0, (sig) => sig.map((byte) => byte ^ 1)),
      ),
    );
    expect(forged).toStrictEqual([{ leaf: last(), by: 'actor' }]);
  });

  it('shows if the holder’s place is empty, or somebody else’s', async () => {
    const [till] = lines.signers;
    const alone = await said((f) => f.act(lines.redeem(100), [till], lines.redeemed(100)));
    expect(alone.own).toStrictEqual(refused('second_signature_missing'));
    const stranger = await said((f) => f.act(lines.redeem(100), [till, newSigner()], lines.redeemed(100)));
    expect(stranger.own).toStrictEqual(refused('consent_missing', 'rule_broken'));
    expect(stranger.summary.signatures.second).toBe(alone.summary.signatures.second);
  });

  it('shows if a worker signs and the command says that the holder did', async () => {
    const [till] = lines.signers;
    const { own } = await said((f) => f.act(lines.redeem(100), [till, stage.relief.keys.worker], lines.redeemed(100)));
    expect(own).toStrictEqual(refused('consent_missing', 'rule_broken'));
  });

  it.each([
    ['of a key that nobody enrolled', () => newSigner(), 'key_unknown'],
    ['of a role that may not redeem', () => stage.relief.keys.service, 'role_not_allowed'],
    ['of a root', () => stage.h.roots[0], 'role_not_allowed'],
    ['of a key that nobody has approved', () => stage.proposed, 'key_not_approved'],
    ['of a revoked key', () => stage.lostTill, 'key_revoked'],
  ])('shows by a signature %s', async (_what, actor, code) => {
    const facts = actor() === stage.h.roots[0] ? ['ledger-main'] : [];
    const { data: _data, ...event } = lines.redeemed(100);
    const { own } = await said((f) =>
      f.act(lines.redeem(100), [actor(), stage.holder], {
        ...event,
        data: _data,
        facts: [...(event.facts ?? []), ...facts],
      }),
    );
    expect(own).toStrictEqual(refused(code));
  });

  it('passes at a till that was revoked within the last 10,000 leaves, as another process may not have heard', async () => {
    const { own } = await said(async (f) => {
      const key = `key-${stage.lostTill.keyId}`;
      const exactFacts = [...f.now('calendar-main', lines.campaign, lines.programme), [key, 2] as const];
      await f.act(lines.redeem(100), [stage.lostTill, stage.holder], { ...lines.redeemed(100), exactFacts });
    });
    expect(own).toStrictEqual([]);
  });
});

describe('signatures that two readers could see in two ways', () => {
  it('a malleable one does not verify', async () => {
    const { forged } = await said((f) => redeemed(f, withSignature(1, inSecondSpelling)));
    expect(forged).toStrictEqual([{ leaf: last(), by: 'second' }]);
  });

  it('a key of small order does not come into the log', async () => {
    const publicKey = base64Encode(hexDecodeOrThrow(`01${'00'.repeat(31)}`));
    const { own } = await said((f) =>
      f.act({ type: 'EnrollKey', data: { publicKey, role: 'service' } }, [stage.h.roots[0]], {
        type: 'KeyEnrolled',
        stream: `key-${keyIdOf(Buffer.from(publicKey, 'base64'))}`,
        data: { publicKey, role: 'service', enroller: 'root-1' },
        facts: ['ledger-main'],
      }),
    );
    expect(own).toMatchObject([{ code: 'rule_broken', leaf: last(), expected: 'public_key_unacceptable' }]);
  });
});

describe('the ledger’s event key', () => {
  async function rotated(f: Forger): Promise<Signer> {
    const next = newSigner();
    const publicKey = publicKeyOf(next);
    await f.act({ type: 'RotateEventKey', data: { publicKey } }, stage.h.roots, {
      type: 'EventKeyRotated',
      stream: 'ledger-main',
      data: { formerKey: publicKeyOf(stage.h.eventSigner), publicKey },
      facts: ['ledger-main', `key-${next.keyId}`],
    });
    return next;
  }

  it('signs the rotation itself, and its successor every leaf after that', async () => {
    const { own, forged } = await said(async (f) => {
      const signer = await rotated(f);
      await f.act(lines.redeem(100), lines.signers, { ...lines.redeemed(100), signer });
    });
    expect(own).toStrictEqual([]);
    expect(forged).toStrictEqual([]);
  });

  it('signs nothing after it was rotated', async () => {
    const { own } = await said(async (f) => {
      await rotated(f);
      await f.act(lines.redeem(100), lines.signers, lines.redeemed(100));
    });
    expect(own).toMatchObject([{ code: 'event_key_wrong', leaf: last(), actual: stage.h.eventSigner.keyId }]);
  });

  it('covers every byte of a leaf', async () => {
    const { own, forged } = await said(async (f) => {
      const { data, ...event } = lines.corrected;
      await f.act(lines.correction, [lines.finance], { ...event, data });
      const text = new TextDecoder().decode(f.leaves.pop());
      f.put(new TextEncoder().encode(text.replace('"day":"2026-06-04"', '"day":"2026-06-03"')));
    });
    expect(own).toMatchObject([{ code: 'day_wrong' }]);
    expect(forged).toStrictEqual([{ leaf: last(), by: 'ledger' }]);
  });
});
