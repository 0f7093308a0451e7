import {
  embedCommand,
  hexDecodeOrThrow,
  openDisclosures,
  parseLeafOrThrow,
  prepareLeaf,
  utf8DecodeOrThrow,
  uuidV5,
  type Fact,
  type JsonObject,
  type LeafCommand,
  type SignedCommand,
  type Signer,
} from '@aidtrail/envelope';
import type { LedgerHarness, TestCommand } from './ledger-harness.js';
import { leavesOf } from './ledger-reading.js';

/** A log as it was published, and the disclosures of each leaf. */
export interface ReadLog {
  readonly origin: string;
  readonly leaves: readonly Uint8Array[];
  readonly disclosures: readonly (readonly string[])[];
}

export async function logOf(h: LedgerHarness): Promise<ReadLog> {
  const read = await leavesOf(h.store);
  const disclosures: (readonly string[])[] = [];
  for (const { stored } of read) disclosures.push(await h.disclosuresOf(stored));
  return { origin: h.origin, leaves: read.map(({ stored }) => stored.bytes), disclosures };
}

/** What an operator who forges an event writes. Whatever is left out is as an honest ledger would have it. */
export interface Forgery {
  readonly type: string;
  readonly stream: string;
  readonly data: JsonObject;
  readonly command: SignedCommand | LeafCommand;
  /** Streams in their present versions, beside the calendar; or what to name, exactly. */
  readonly facts?: readonly string[];
  readonly exactFacts?: readonly Fact[];
  readonly private?: JsonObject;
  readonly version?: number;
  readonly day?: string;
  readonly id?: string;
  readonly log?: string;
  readonly signer?: Signer;
}

/** A ledger's log in the hands of its operator, who has the event key and appends what no pipeline would. */
export class Forger {
  private readonly versions = new Map<string, number>();
  private day = '';

  private constructor(
    readonly h: LedgerHarness,
    readonly leaves: Uint8Array[],
    readonly disclosures: (readonly string[])[],
  ) {
    for (const leaf of leaves) this.note(leaf);
  }

  /** At the end of a log that the ledger wrote. */
  static async at(h: LedgerHarness): Promise<Forger> {
    const { leaves, disclosures } = await logOf(h);
    return new Forger(h, [...leaves], [...disclosures]);
  }

  get log(): ReadLog {
    return { origin: this.h.origin, leaves: this.leaves, disclosures: this.disclosures };
  }

  versionOf(stream: string): number {
    return this.versions.get(stream) ?? 0;
  }

  /** Streams in their present versions. */
  now(...streams: readonly string[]): Fact[] {
    return streams.map((stream) => [stream, this.versionOf(stream)]);
  }

  /** Signs a command, has an honest ledger's leaf made of it with the event given, and appends it. */
  async act(command: TestCommand, signers: readonly Signer[], event: Omit<Forgery, 'command'>): Promise<Uint8Array> {
    const signed = await this.h.sign(command, signers);
    const keys = signed.sigs.map(({ key }) => `key-${key}`).filter((stream) => this.versionOf(stream) > 0);
    return this.append({ ...event, command: signed, facts: [...keys, ...(event.facts ?? [])] });
  }

  append(forgery: Forgery): Uint8Array {
    const { command } = forgery;
    const signed = 'bodyBytes' in command;
    const { bytes, sealed } = prepareLeaf(
      {
        log: forgery.log ?? this.h.origin,
        id: forgery.id ?? (signed ? uuidV5(command.body.id, '0') : this.h.entropy.uuid()),
        type: forgery.type,
        stream: forgery.stream,
        version: forgery.version ?? this.versionOf(forgery.stream) + 1,
        day: forgery.day ?? this.day,
        data: forgery.data,
        facts: forgery.exactFacts ?? this.now(...(signed ? ['calendar-main'] : []), ...(forgery.facts ?? [])),
        command: signed ? embedCommand(command) : command,
        ...(signed && command.disclosures.length > 0 ? { commandDisclosures: command.disclosures } : {}),
        ...(forgery.private === undefined ? {} : { privateFields: forgery.private }),
        sealKey: new Uint8Array(32),
      },
      { signer: forgery.signer ?? this.h.eventSigner, seal: (_key, _id, plaintext) => plaintext.slice() },
    );
    return this.put(bytes, sealed === undefined ? [] : (JSON.parse(utf8DecodeOrThrow(sealed)) as string[]));
  }

  /** Any bytes, with any disclosures. */
  put(bytes: Uint8Array, disclosures: readonly string[] = []): Uint8Array {
    this.leaves.push(bytes);
    this.disclosures.push(disclosures);
    this.note(bytes);
    return bytes;
  }

  /** The private fields of the last leaf. */
  lastPrivate(): Readonly<Record<string, unknown>> {
    return openDisclosures(this.disclosures.at(-1) ?? []);
  }

  private note(bytes: Uint8Array): void {
    try {
      const { type, stream, version, data, day } = parseLeafOrThrow(bytes);
      this.versions.set(stream, version);
      this.day = type === 'DayStarted' ? (data['day'] as string) : this.day === '' ? day : this.day;
    } catch {
      // What is no leaf changes no stream.
    }
  }
}

/** The order L of Ed25519's group, little-endian. */
const ORDER = hexDecodeOrThrow('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010');

/** An Ed25519 signature with S + L in the place of S: the same scalar, which a careless verifier accepts as well. */
export function inSecondSpelling(signature: Uint8Array): Uint8Array {
  const sum = signature.slice();
  let carry = 0;
  for (let i = 0; i < 32; i += 1) {
    carry += (signature[32 + i] as number) + (ORDER[i] as number);
    sum[32 + i] = carry & 255;
    carry >>= 8;
  }
  return sum;
}
