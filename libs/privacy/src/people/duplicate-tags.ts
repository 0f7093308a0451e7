import { hmac } from '../crypto/sealing.js';
import type { IdentityDocumentType } from '../roster/identity-number.js';

/** A secret for recognising people; 32 bytes, kept outside the database. A higher version is newer. */
export interface Pepper {
  readonly version: number;
  readonly key: Uint8Array;
}

export interface IdentityNumber {
  readonly idType: IdentityDocumentType;
  /** Normalised as the roster parser does it. */
  readonly idNumber: string;
}

/** A name or telephone number by which somebody is looked for, normalised as the roster parser does it. */
export interface FinderTerm {
  readonly kind: 'name' | 'phone';
  readonly value: string;
}

export interface DuplicateTag {
  readonly pepperVersion: number;
  readonly tag: Buffer;
}

/**
 * Recognises a person within one programme without storing the number: HMAC-SHA-256 under a pepper over the pepper's
 * version, the programme, the kind of paper and the number. A plain hash could be reversed by trying all numbers; and
 * because the programme is in it, nobody can link two programmes by comparing tags.
 */
export class DuplicateTagger {
  private readonly peppers: readonly Pepper[];

  constructor(peppers: readonly Pepper[]) {
    if (peppers.length === 0) throw new RangeError('At least one pepper is needed.');
    if (peppers.some(({ key }) => key.length < 32)) throw new RangeError('A pepper has at least 32 bytes.');
    if (new Set(peppers.map(({ version }) => version)).size !== peppers.length) {
      throw new RangeError('Two peppers have the same version.');
    }
    this.peppers = [...peppers].sort((a, b) => b.version - a.version);
  }

  /** One tag a pepper version, the newest first: what is looked up. */
  tagsOf(programmeId: string, identity: IdentityNumber): readonly DuplicateTag[] {
    return this.peppers.map((pepper) => tagUnder(pepper, programmeId, identity));
  }

  /** The same for a name or telephone number, which several people may share. */
  finderTagsOf(programmeId: string, { kind, value }: FinderTerm): readonly DuplicateTag[] {
    return this.peppers.map(({ version, key }) => ({
      pepperVersion: version,
      tag: hmac(key, JSON.stringify(['aidtrail/registry/finder/v1', version, programmeId, kind, value])),
    }));
  }
}

function tagUnder({ version, key }: Pepper, programmeId: string, { idType, idNumber }: IdentityNumber): DuplicateTag {
  const message = JSON.stringify(['aidtrail/registry/duplicate/v1', version, programmeId, idType, idNumber]);
  return { pepperVersion: version, tag: hmac(key, message) };
}
