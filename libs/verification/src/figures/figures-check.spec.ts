import { beforeAll, describe, expect, it } from '@jest/globals';
import { figuresDigestOf } from '@aidtrail/testing/figures';
import { Forger } from '@aidtrail/testing/forging';
import { openStage, type Stage } from '@aidtrail/testing/forging-stage';
import { hashOf } from '@aidtrail/testing/ledger';
import { auditOf } from '../audit/audit-of.testing.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});

const digestAt = ({ leaves }: Forger, index: number): string => figuresDigestOf(leaves.slice(0, index));

/** A cut, and the publication of whatever digest. */
async function publish(forger: Forger, digest: (cut: number) => string, more: object = {}): Promise<number> {
  const signers = [stage.relief.keys.service];
  const cut = forger.leaves.length;
  await forger.act({ type: 'CutFigures', data: {} }, signers, { type: 'FiguresCut', stream: 'figures-main', data: {} });
  const data = { cut, digest: digest(cut), ...more };
  await forger.act({ type: 'PublishFigures', data }, signers, {
    type: 'FiguresPublished',
    stream: 'figures-main',
    data,
  });
  return cut;
}

describe('the public figures in a log', () => {
  it('are found right where they are those of the leaves before the cut', async () => {
    const forger = await Forger.at(stage.h);
    const cut = await publish(forger, (at) => digestAt(forger, at));
    const { findings, forged, summary } = auditOf(forger.log);
    expect({ findings, forged }).toEqual({ findings: [], forged: [] });
    expect(summary.figures).toEqual({ publications: 1, notChecked: 0, newest: { cut, digest: digestAt(forger, cut) } });
  });

  it('are found wrong where the operator published others, and only there', async () => {
    const forger = await Forger.at(stage.h);
    const cut = await publish(forger, () => hashOf('nicer figures'));
    await publish(forger, () => hashOf('nicer figures once more'));
    const leaf = (at: number) => ({ code: 'figures_differ', leaf: at, subject: `figures of cut ${at - 1}` });
    expect(auditOf(forger.log).findings).toMatchObject([
      { ...leaf(cut + 1), expected: digestAt(forger, cut), actual: hashOf('nicer figures') },
      leaf(cut + 3),
    ]);
  });

  it('are found wrong where they leave out a leaf that stands before the cut', async () => {
    const forger = await Forger.at(stage.h);
    const lost = await stage.h.enroll('till', {
      private: { organisation: stage.relief.merchant, store: stage.relief.store },
    });
    const revoke = { type: 'RevokeKey', data: { key: lost.keyId, reason: 'lost' } };
    const before = await Forger.at(stage.h);
    await stage.h.accept(revoke, [stage.h.roots[0]]);
    const after = await Forger.at(stage.h);
    const cut = await publish(after, () => digestAt(before, before.leaves.length));
    expect(after.leaves.length).toBeGreaterThan(forger.leaves.length);
    expect(auditOf(after.log).findings).toMatchObject([{ code: 'figures_differ', leaf: cut + 1 }]);
  });

  it('have a second document that is not checked without disclosures', async () => {
    const forger = await Forger.at(stage.h);
    await publish(forger, (at) => digestAt(forger, at), { disclosedDigest: hashOf('anything') });
    const { findings, summary } = auditOf(forger.log);
    expect(findings).toEqual([]);
    expect(summary.figures).toMatchObject({ publications: 1, notChecked: 1 });
  });
});
