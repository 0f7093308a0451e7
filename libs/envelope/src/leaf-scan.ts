import {
  ascii,
  CanonicalScan,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  UNUSUAL,
} from './canonical-scan.js';
import type { CommandBody } from './command.js';
import { MAX_LEAF_BYTES } from './leaf.js';
import type { Fact, Leaf, LeafCommand } from './leaf.js';
import type { SignatureEntry } from './signature.js';

/** A leaf as a strict reader has it, and where in its bytes lies what was signed. */
export interface LeafParts {
  readonly leaf: Leaf;
  /** The member `sig` with the comma behind it: the ledger signed the bytes before and after. */
  readonly sigStart: number;
  readonly sigEnd: number;
  /** The body of the command, which its signers signed; both 0 if the leaf only refers to another event. */
  readonly bodyStart: number;
  readonly bodyEnd: number;
}

/**
 * One walk over a leaf that is pure ASCII without escapes: it accepts the one canonical spelling of the format and gives
 * what `parseLeafOrThrow` gives, or undefined, which says nothing of the leaf but that the plain reader must judge it.
 */
export function scanLeaf(bytes: Uint8Array): LeafParts | undefined {
  if (bytes.length > MAX_LEAF_BYTES) return undefined;
  const scan = new LeafScan(bytes);
  try {
    return scan.leaf();
  } catch (error) {
    if (error === UNUSUAL) return undefined;
    throw error;
  }
}

const MAX_DIGESTS = 256;
const MAX_SIGNATURES = 16;

const BEFORE = {
  digests: ascii('"_sd":'),
  command: ascii('"command":'),
  data: ascii(',"data":'),
  day: ascii(',"day":'),
  facts: ascii(',"facts":'),
  id: ascii(',"id":'),
  log: ascii(',"log":'),
  sig: ascii('"sig":'),
  stream: ascii('"stream":'),
  type: ascii(',"type":'),
  version: ascii(',"v":1,"version":'),
  body: ascii('{"body":'),
  ref: ascii('{"ref":'),
  sigs: ascii(',"sigs":'),
  anchor: ascii('"anchor":{"root":'),
  size: ascii(',"size":'),
  bodyData: ascii('},"data":'),
  key: ascii(',"key":'),
  bodyEnd: ascii(',"v":1}'),
  sigKey: ascii('{"key":'),
  sigSig: ascii(',"sig":'),
} as const;

class LeafScan extends CanonicalScan {
  leaf(): LeafParts {
    this.byte(OPEN_BRACE);
    const digests = this.optionalDigests();
    this.past(BEFORE.command);
    const { command, bodyStart, bodyEnd } = this.command();
    this.past(BEFORE.data);
    const data = this.object();
    this.past(BEFORE.day);
    const day = this.day();
    const facts = this.startsWith(BEFORE.facts) ? this.facts() : undefined;
    this.past(BEFORE.id);
    const id = this.uuid();
    this.past(BEFORE.log);
    const log = this.origin();
    this.byte(COMMA);
    const sigStart = this.at;
    this.past(BEFORE.sig);
    const sig = this.signature(true);
    this.byte(COMMA);
    const sigEnd = this.at;
    this.past(BEFORE.stream);
    const stream = this.stream(false);
    this.past(BEFORE.type);
    const type = this.typeName();
    this.past(BEFORE.version);
    const version = this.natural(1);
    this.byte(CLOSE_BRACE);
    if (this.at !== this.bytes.length) throw UNUSUAL;
    // Literals: most of a log's leaves pass here, and spreading costs more than all of the walk over the names.
    const leaf: Leaf =
      digests === undefined
        ? facts === undefined
          ? { v: 1, log, id, type, stream, version, day, data, command, sig }
          : { v: 1, log, id, type, stream, version, day, data, facts, command, sig }
        : facts === undefined
          ? { v: 1, log, id, type, stream, version, day, data, _sd: digests, command, sig }
          : { v: 1, log, id, type, stream, version, day, data, facts, _sd: digests, command, sig };
    return { leaf, sigStart, sigEnd, bodyStart, bodyEnd };
  }

  private command(): { readonly command: LeafCommand; readonly bodyStart: number; readonly bodyEnd: number } {
    if (this.startsWith(BEFORE.ref)) {
      const ref = this.uuid();
      this.byte(CLOSE_BRACE);
      return { command: { ref }, bodyStart: 0, bodyEnd: 0 };
    }
    this.past(BEFORE.body);
    const bodyStart = this.at;
    const body = this.body();
    const bodyEnd = this.at;
    this.past(BEFORE.sigs);
    const sigs = this.signatures(body.key);
    this.byte(CLOSE_BRACE);
    return { command: { body, sigs }, bodyStart, bodyEnd };
  }

  private body(): CommandBody {
    this.byte(OPEN_BRACE);
    const digests = this.optionalDigests();
    this.past(BEFORE.anchor);
    const root = this.base64(44);
    this.past(BEFORE.size);
    const size = this.natural(0);
    this.past(BEFORE.bodyData);
    const data = this.object();
    this.past(BEFORE.id);
    const id = this.uuid();
    if (id.charAt(14) !== '4') throw UNUSUAL;
    this.past(BEFORE.key);
    const key = this.keyId(true);
    this.past(BEFORE.log);
    const log = this.origin();
    this.past(BEFORE.type);
    const type = this.typeName();
    this.past(BEFORE.bodyEnd);
    const anchor = { size, root };
    return digests === undefined
      ? { v: 1, log, type, id, key, anchor, data }
      : { v: 1, log, type, id, key, anchor, data, _sd: digests };
  }

  /** The first is by the body's own key, and no key signs twice. */
  private signatures(actor: string): SignatureEntry[] {
    this.byte(OPEN_BRACKET);
    const first = this.signature(true);
    const sigs = [first];
    while (this.is(COMMA)) {
      const next = this.signature(false);
      if (sigs.some(({ key }) => key === next.key)) throw UNUSUAL;
      sigs.push(next);
    }
    this.byte(CLOSE_BRACKET);
    if (first.key !== actor || sigs.length > MAX_SIGNATURES) throw UNUSUAL;
    return sigs;
  }

  private signature(isCommon: boolean): SignatureEntry {
    this.past(BEFORE.sigKey);
    const key = this.keyId(isCommon);
    this.past(BEFORE.sigSig);
    const sig = this.base64(88);
    this.byte(CLOSE_BRACE);
    return { key, sig };
  }

  /** With the comma behind them. */
  private optionalDigests(): string[] | undefined {
    if (!this.startsWith(BEFORE.digests)) return undefined;
    this.byte(OPEN_BRACKET);
    const digests = [this.digest()];
    while (this.is(COMMA)) {
      const previous = this.at - 45;
      digests.push(this.digest());
      if (!this.isAscending(previous, this.at - 44)) throw UNUSUAL;
    }
    this.byte(CLOSE_BRACKET);
    this.byte(COMMA);
    if (digests.length % 4 !== 0 || digests.length > MAX_DIGESTS) throw UNUSUAL;
    return digests;
  }

  private facts(): Fact[] {
    const facts: Fact[] = [];
    let previous = '';
    this.byte(OPEN_BRACKET);
    do {
      this.byte(OPEN_BRACKET);
      const stream = this.stream(true);
      this.byte(COMMA);
      facts.push([stream, this.natural(0)]);
      this.byte(CLOSE_BRACKET);
      if (stream <= previous) throw UNUSUAL;
      previous = stream;
    } while (this.is(COMMA));
    this.byte(CLOSE_BRACKET);
    return facts;
  }
}
