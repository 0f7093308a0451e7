import { base64Encode, type Signer } from '@aidtrail/envelope';
import { sodiumSigner } from '@aidtrail/crypto-node';
import type { Role } from '@aidtrail/domain';
import { submit, type World } from './world.js';

/** A person or device with an enrolled key. */
export interface Actor {
  readonly officer: string;
  readonly signer: Signer;
}

/** Everybody with a key, but for the tills, which come with their stores. */
export interface Cast {
  readonly roots: readonly [Actor, Actor];
  readonly programme: readonly [Actor, Actor];
  readonly finance: readonly [Actor, Actor, Actor];
  readonly registrars: readonly [Actor, Actor];
  readonly workers: readonly [Actor, Actor, Actor, Actor];
  readonly channels: { readonly bank: Actor; readonly online: Actor };
  readonly services: { readonly calendar: Actor; readonly claims: Actor; readonly figures: Actor };
}

/** Keys that lie in the demo's data folder; everybody else's are only in memory. */
export interface ServerKeys {
  readonly roots: Cast['roots'];
  /** The server signs with it where the public figures are cut and what they say. */
  readonly figures: Actor;
}

/** Root officers enrol and approve everybody: who enrols does not approve. */
export async function enrolCast(world: World, { roots, figures }: ServerKeys): Promise<Cast> {
  const newActor = (officer: string): Actor => ({ officer, signer: sodiumSigner(world.entropy.bytes(32)) });
  const cast: Cast = {
    roots,
    programme: [newActor('programme-lu'), newActor('programme-shen')],
    finance: [newActor('finance-qin'), newActor('finance-bai'), newActor('finance-he')],
    registrars: [newActor('registrar-tan'), newActor('registrar-ning')],
    workers: [newActor('worker-mo'), newActor('worker-ai'), newActor('worker-qu'), newActor('worker-yan')],
    channels: { bank: newActor('channel-bank'), online: newActor('channel-online') },
    services: { calendar: newActor('service-calendar'), claims: newActor('service-claims'), figures },
  };
  for (const [i, [role, actor]] of rolesOf(cast).entries()) {
    const [enroller, approver] = i % 2 === 0 ? [roots[0], roots[1]] : [roots[1], roots[0]];
    await enrol(world, { enroller, approver, key: actor.signer, role, officer: actor.officer });
  }
  return cast;
}

export interface Enrolment {
  readonly enroller: Actor;
  readonly approver: Actor;
  readonly key: Signer;
  readonly role: Role;
  readonly officer?: string;
  readonly organisation?: string;
  readonly store?: string;
}

/** One officer proposes the key, another approves it; from then on it may sign. */
export async function enrol(world: World, enrolment: Enrolment): Promise<void> {
  const { enroller, approver, key, role, officer, organisation, store } = enrolment;
  await submit(world, [enroller.signer], {
    type: 'EnrollKey',
    data: { publicKey: base64Encode(key.publicKey), role, ...(officer === undefined ? {} : { officer }) },
    private: { ...(organisation === undefined ? {} : { organisation }), ...(store === undefined ? {} : { store }) },
  });
  await submit(world, [approver.signer], { type: 'ApproveKey', data: { key: key.keyId } });
}

export function rolesOf(cast: Cast): readonly (readonly [Role, Actor])[] {
  const all = (role: Role, actors: readonly Actor[]) => actors.map((actor) => [role, actor] as const);
  return [
    ...all('programme', cast.programme),
    ...all('finance', cast.finance),
    ...all('registrar', cast.registrars),
    ...all('worker', cast.workers),
    ...all('channel', [cast.channels.bank, cast.channels.online]),
    ...all('service', [cast.services.calendar, cast.services.claims, cast.services.figures]),
  ];
}
