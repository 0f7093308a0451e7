import { COMMAND_TYPE, EVENT_TYPE } from '@aidtrail/envelope';
import type { ReadLeaf } from './leaf-under-audit.js';
import type { Signatory } from './signatories.js';

/** One signature that must verify: by the rule of `hasAcceptableEncoding`, over bytes as they stand in the log. */
export interface SignatureJob {
  /** Index. */
  readonly leaf: number;
  readonly publicKey: Uint8Array;
  /** The pre-authentication encoding that was signed. Like the signature, in memory that is written over after the call. */
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  readonly by: 'ledger' | 'actor' | 'second';
}

export type OnSignature = (job: SignatureJob) => void;

const LARGEST_BODY = 65_535;
const SIGNATURE_BYTES = 64;

/** Cuts what was signed out of the bytes of leaves, verbatim, and hands out a job for each signature. */
export class SignatureJobs {
  readonly counts = { ledger: 0, actor: 0, second: 0 };
  private readonly signature = new Uint8Array(SIGNATURE_BYTES);
  private readonly ofEvents = new Encoding(EVENT_TYPE);
  private readonly ofCommands = new Encoding(COMMAND_TYPE);

  constructor(private readonly onSignature: OnSignature) {}

  /** The ledger's own, over the leaf without its member `sig`. */
  ofLedger({ index, bytes, parts }: ReadLeaf, publicKey: Uint8Array): void {
    const { sigStart, sigEnd, leaf } = parts;
    const message = this.ofEvents.of(bytes, [0, sigStart], [sigEnd, bytes.length]);
    this.hand({ leaf: index, publicKey, message, signature: this.decoded(leaf.sig.sig), by: 'ledger' });
  }

  /** Those of the command, in their order; none of a key that nobody knows. */
  ofCommand({ index, bytes, parts }: ReadLeaf, signatories: readonly Signatory[]): void {
    const { command } = parts.leaf;
    if (!('body' in command)) return;
    const message = this.ofCommands.of(bytes, [parts.bodyStart, parts.bodyEnd], NOTHING);
    for (const [place, { publicKey }] of signatories.entries()) {
      const entry = command.sigs[place];
      if (publicKey === undefined || entry === undefined) continue;
      const by = place === 0 ? 'actor' : 'second';
      this.hand({ leaf: index, publicKey, message, signature: this.decoded(entry.sig), by });
    }
  }

  /** Canonical base64 of 64 bytes, as the reader of the leaf has seen. */
  private decoded(sig: string): Uint8Array {
    const { signature } = this;
    for (let from = 0, to = 0; to < SIGNATURE_BYTES; from += 4, to += 3) {
      const group =
        (valueAt(sig, from) << 18) |
        (valueAt(sig, from + 1) << 12) |
        (valueAt(sig, from + 2) << 6) |
        valueAt(sig, from + 3);
      signature[to] = group >> 16;
      signature[to + 1] = group >> 8;
      signature[to + 2] = group;
    }
    return signature;
  }

  private hand(job: SignatureJob): void {
    this.counts[job.by] += 1;
    this.onSignature(job);
  }
}

/** The value of each ASCII code in base64; padding counts as 0, and the bytes that it would give do not fit any more. */
const VALUES = new Uint8Array(128);
for (const [value, character] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries())
  VALUES[character.charCodeAt(0)] = value;

function valueAt(text: string, at: number): number {
  return VALUES[text.charCodeAt(at)] as number;
}

/** From and to, in bytes. */
type Span = readonly [start: number, end: number];

const NOTHING: Span = [0, 0];
const SPACE = 0x20;
const ZERO = 0x30;
const LONGEST_LENGTH = 5;

/** `pae` of bodies of one type, which come in two pieces, without new memory for each. */
class Encoding {
  private readonly memory: Uint8Array;
  private readonly lengthAt: number;

  constructor(type: string) {
    const head = `DSSEv1 ${type.length} ${type} `;
    this.lengthAt = head.length;
    this.memory = new Uint8Array(head.length + LONGEST_LENGTH + 1 + LARGEST_BODY);
    for (let i = 0; i < head.length; i += 1) this.memory[i] = head.charCodeAt(i);
  }

  /** The second piece is short. */
  of(bytes: Uint8Array, [start, end]: Span, [secondStart, secondEnd]: Span): Uint8Array {
    const { memory } = this;
    const length = end - start + secondEnd - secondStart;
    let at = this.lengthAt + String(length).length;
    for (let rest = length, digit = at - 1; digit >= this.lengthAt; digit -= 1) {
      memory[digit] = ZERO + (rest % 10);
      rest = Math.floor(rest / 10);
    }
    memory[at] = SPACE;
    at += 1;
    memory.set(bytes.subarray(start, end), at);
    at += end - start;
    for (let i = secondStart; i < secondEnd; i += 1) memory[at++] = bytes[i] as number;
    return memory.subarray(0, at);
  }
}
