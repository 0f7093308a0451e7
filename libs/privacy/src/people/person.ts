import { openJsonOrThrow, openOrThrow } from '../crypto/sealing.js';
import { places, type RegistryContext } from '../registry-context.js';
import type { IdentityDocumentType } from '../roster/identity-number.js';
import type { RosterRow } from '../roster/read-row.js';

/** What the registry knows of a person; stored only under the person's own key. */
export interface PersonDetails {
  readonly name: string;
  readonly idType: IdentityDocumentType;
  readonly idNumber: string;
  readonly community: string;
  readonly phone?: string;
  readonly county?: string;
  readonly township?: string;
  readonly address?: string;
  readonly household?: string;
}

export interface SealedPerson {
  readonly person_id: string;
  readonly wrapped_key: Buffer | null;
  readonly sealed: Buffer | null;
}

/** The person's key, or undefined after erasure. Throws SealBroken. */
export function personKeyOrThrow(
  context: RegistryContext,
  row: Pick<SealedPerson, 'person_id' | 'wrapped_key'>,
): Buffer | undefined {
  if (row.wrapped_key === null) return undefined;
  return context.keys.unwrapOrThrow(row.wrapped_key, places.personKey(row.person_id));
}

/** The person's details, or undefined after erasure. Throws SealBroken. */
export function openPersonOrThrow(context: RegistryContext, row: SealedPerson): PersonDetails | undefined {
  const key = personKeyOrThrow(context, row);
  if (key === undefined || row.sealed === null) return undefined;
  return openJsonOrThrow(key, row.sealed, places.person(row.person_id)) as PersonDetails;
}

/** What a roster line says of the person; its group and note belong to the roster, not to the person. */
export function detailsOf(row: RosterRow): PersonDetails {
  const { name, idType, idNumber, community, phone, county, township, address, household } = row;
  const optional = { phone, county, township, address, household };
  const known = Object.entries(optional).filter(([, value]) => value !== undefined);
  return { name, idType, idNumber, community, ...Object.fromEntries(known) };
}

/** What is sealed in a row of a batch: everything that issuing one voucher needs beyond its public part. */
export interface BatchRowSecret {
  readonly sealKey: Uint8Array;
  readonly salt: Uint8Array;
  readonly group: string;
  readonly community: string;
}

export function packBatchRow({ sealKey, salt, group, community }: BatchRowSecret): Buffer {
  return Buffer.concat([sealKey, salt, Buffer.from(JSON.stringify([group, community]))]);
}

/** Throws SealBroken. */
export function openBatchRowOrThrow(personKey: Uint8Array, sealed: Uint8Array, voucherId: string): BatchRowSecret {
  const packed = openOrThrow(personKey, sealed, places.batchRow(voucherId));
  const [group, community] = JSON.parse(packed.subarray(48).toString()) as [string, string];
  return { sealKey: new Uint8Array(packed.subarray(0, 32)), salt: packed.subarray(32, 48), group, community };
}
