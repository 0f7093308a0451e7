import { describe, expect, it } from '@jest/globals';
import { exampleContext, exampleDevice, exampleOfficer } from '../kernel/examples.js';
import type { Role } from '../kernel/fields.js';
import { keyIdOf } from '../kernel/key-id.js';
import { testRefusals } from '../kernel/refusal-cases.testing.js';
import { factOf, spec } from '../kernel/testing.js';
import { ledgerConcept } from '../ledger/ledger.decider.js';
import { exampleRoots, ledgerEventExamples as ledgerEvent } from '../ledger/ledger.examples.js';
import { keyConcept } from './key.decider.js';
import { examplePublicKey, keyCommandExamples as ask, keyEventExamples as event } from './key.examples.js';

const gao = exampleOfficer('root', 'root-gao');
const lin = exampleOfficer('root', 'root-lin');
const zhao = exampleOfficer('programme', 'programme-zhao');
const qian = exampleOfficer('programme', 'programme-qian');
const li = exampleOfficer('finance', 'finance-li');

const ledger = factOf(ledgerConcept, 'ledger-main', [ledgerEvent.LedgerOpened()]);
const by = (signer: typeof gao) => ({ context: exampleContext({ signers: [signer] }), ledger });
const worker = { role: 'worker' as const, officer: 'worker-sun' };

const enrolling = { given: [], when: ask.EnrollKey(), facts: by(zhao) };
const enrollingWorker = { given: [], when: ask.EnrollKey(worker), facts: by(zhao) };
const enrolled = [event.KeyEnrolled(worker)];
const approving = { given: enrolled, when: ask.ApproveKey(), facts: by(li) };

testRefusals(keyConcept, {
  key_already_enrolled: { of: enrolling, change: { given: [event.KeyEnrolled()] } },
  key_not_enrolled: { of: approving, change: { given: [] }, notWith: ['key_already_revoked'] },
  key_already_revoked: { of: approving, change: { also: [event.KeyRevoked()] } },
  officer_missing: { of: enrolling, change: { context: { signers: [exampleDevice('programme')] } } },
  role_reserved_to_roots: { of: enrollingWorker, change: { data: { role: 'registrar' } } },
  owner_missing: { of: enrollingWorker, change: { data: { officer: undefined } }, notWith: ['enroller_is_owner'] },
  store_missing: { of: enrolling, change: { private: { store: undefined } } },
  enroller_is_owner: { of: enrollingWorker, change: { data: { officer: 'programme-zhao' } } },
  approver_is_enroller: {
    of: approving,
    change: { context: { signers: [zhao] } },
    notWith: ['approver_is_owner'],
  },
  approver_is_owner: { of: approving, change: { context: { signers: [{ ...li, officer: 'worker-sun' }] } } },
});

describe('enrolment', () => {
  it('is in the stream of the key’s id, and asks for the ledger’s own keys', () => {
    const stream = `key-${keyIdOf(examplePublicKey)}`;
    expect(keyConcept.streamOf(ask.EnrollKey())).toBe(stream);
    expect(keyConcept.streamOf(ask.ApproveKey())).toBe(stream);
    expect(keyConcept.needs(ask.EnrollKey())).toStrictEqual([{ name: 'ledger', stream: 'ledger-main' }]);
  });

  it('keeps organisation and store private, and is readable without them', () => {
    spec(keyConcept).given([]).when(ask.EnrollKey(), by(zhao)).then([event.KeyEnrolled()]);
    const { private: _undisclosed, ...published } = event.KeyEnrolled();
    expect(spec(keyConcept).given([published]).state()).toStrictEqual({ status: 'proposed', ...published.data });
  });

  it('is not checked for a store by somebody who has no disclosures', () => {
    const { private: _undisclosed, ...published } = ask.EnrollKey();
    const { private: _unknown, ...recorded } = event.KeyEnrolled();
    spec(keyConcept)
      .given([])
      .when(published as ReturnType<typeof ask.EnrollKey>, by(zhao))
      .then([recorded]);
  });

  it.each(['programme', 'finance', 'registrar', 'worker', 'till', 'channel', 'service', 'root'] as const)(
    'a root enrols the role %s',
    (role) => {
      const owner = { role, officer: 'somebody' };
      spec(keyConcept)
        .given([])
        .when(ask.EnrollKey(owner), by(gao))
        .then([event.KeyEnrolled({ ...owner, enroller: 'root-gao' })]);
    },
  );

  const allowed: readonly Role[] = ['worker', 'till', 'channel'];
  it.each(['programme', 'finance', 'registrar', 'worker', 'till', 'channel', 'service', 'root'] as const)(
    'a programme officer enrols and revokes workers, tills and channels only: %s',
    (role) => {
      const owner = { role, officer: 'somebody' };
      const enrol = spec(keyConcept).given([]).when(ask.EnrollKey(owner), by(zhao));
      const revoke = spec(keyConcept)
        .given([event.KeyEnrolled(owner)])
        .when(ask.RevokeKey(), by(zhao));
      if (allowed.includes(role)) {
        enrol.then([event.KeyEnrolled(owner)]);
        revoke.then([event.KeyRevoked()]);
      } else {
        enrol.thenRefused('role_reserved_to_roots');
        revoke.thenRefused('role_reserved_to_roots');
      }
    },
  );

  it.each(['programme', 'finance', 'registrar', 'worker', 'root'] as const)('a key for %s names its owner', (role) => {
    spec(keyConcept).given([]).when(ask.EnrollKey({ role }), by(gao)).thenRefused('owner_missing');
  });

  it.each([
    ['a root', exampleRoots[0]?.publicKey ?? ''],
    ['the ledger', ledgerEvent.LedgerOpened().data.eventKey],
  ])('takes no key of %s', (_what, publicKey) => {
    spec(keyConcept).given([]).when(ask.EnrollKey({ publicKey }), by(gao)).thenRefused('key_already_enrolled');
  });
});

describe('approval', () => {
  it('entitles the key, once', () => {
    const approved = spec(keyConcept).given(enrolled).when(ask.ApproveKey(), by(li));
    approved.then([event.KeyApproved()]);
    expect(approved.accepted().state()).toMatchObject({ status: 'approved', ...worker });
    approved.accepted().when(ask.ApproveKey(), by(qian)).then([]);
  });

  it('of a root key is for a second root', () => {
    const proposed = spec(keyConcept).given([
      event.KeyEnrolled({ role: 'root', officer: 'root-wei', enroller: 'root-gao' }),
    ]);
    proposed.when(ask.ApproveKey(), by(li)).thenRefused('role_reserved_to_roots');
    proposed.when(ask.ApproveKey(), by(gao)).thenRefused('approver_is_enroller');
    proposed.when(ask.ApproveKey(), by(lin)).then([event.KeyApproved({ approver: 'root-lin' })]);
  });
});

describe('revocation', () => {
  it('is final', () => {
    const revoked = spec(keyConcept)
      .given([...enrolled, event.KeyApproved()])
      .when(ask.RevokeKey(), by(qian));
    revoked.then([event.KeyRevoked({ officer: 'programme-qian' })]);
    const after = revoked.accepted();
    after.when(ask.RevokeKey(), by(gao)).then([]);
    after.when(ask.ApproveKey(), by(li)).thenRefused('key_already_revoked');
    after.when(ask.EnrollKey(), by(gao)).thenRefused('key_already_enrolled');
    expect(
      spec(keyConcept)
        .given([...enrolled, event.KeyRevoked(), event.KeyApproved()])
        .state(),
    ).toMatchObject({
      status: 'revoked',
    });
  });

  it('needs a key that is enrolled', () => {
    spec(keyConcept).given([]).when(ask.RevokeKey(), by(gao)).thenRefused('key_not_enrolled');
  });
});
