import { concatBytes, utf8Encode, encodeTransient } from './bytes.js';
import {
  decoysNeeded,
  digestOfWellFormed,
  discloseField,
  fieldText,
  openDisclosures,
  sortAndPad,
} from './disclosure.js';
import type { Signer } from './ed25519.js';
import { hmacOver, sha256 as portableSha256 } from './hashes.js';
import type { HmacSha256, Sha256 } from './hashes.js';
import type { JsonObject, JsonValue } from './json.js';
import { signLeaf } from './leaf.js';
import type { CommandToEmbed, Fact } from './leaf.js';
import { MalformedInput } from './malformed-input.js';

/** All that one event needs to become a leaf. */
export interface LeafJob {
  readonly log: string;
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly version: number;
  readonly day: string;
  readonly data: JsonObject;
  /** In any order. */
  readonly facts?: readonly Fact[];
  readonly command: CommandToEmbed;
  /** What the ledger adds in private; with none the leaf has no `_sd`. */
  readonly privateFields?: Readonly<Record<string, JsonValue>>;
  /** The disclosures that came with the signed command; their digests stand in the command's own `_sd`. */
  readonly commandDisclosures?: readonly string[];
  /** The names of the fields that these disclose, if the caller has read them already; else they are read here. */
  readonly commandFieldNames?: readonly string[];
  /** 32 bytes; needed as soon as there is anything private. */
  readonly sealKey?: Uint8Array;
}

/**
 * Encrypts an event's disclosures under the event's id as associated data. The same arguments must give the same
 * bytes, since a retry must store what was stored before. It must not keep the plaintext's array.
 */
export type SealDisclosures = (key: Uint8Array, eventId: string, plaintext: Uint8Array) => Uint8Array;

export interface LeafTools {
  readonly signer: Signer;
  readonly seal: SealDisclosures;
  readonly sha256?: Sha256;
  readonly hmac?: HmacSha256;
}

export interface PreparedLeaf {
  /** Stored, published and hashed verbatim. */
  readonly bytes: Uint8Array;
  /** The encrypted JSON array of all disclosures: the command's, then the ledger's own. */
  readonly sealed?: Uint8Array;
}

/**
 * Makes the signed leaf and the sealed disclosures of one event. Salts and decoys are derived from the seal key and
 * the event's id, so the same job always gives the same bytes: after a crash with unknown outcome the ledger can
 * prepare the event again without ever signing a second version of it. Whoever lacks the seal key cannot guess them.
 */
export function prepareLeaf(job: LeafJob, tools: LeafTools): PreparedLeaf {
  const fields = job.privateFields ?? {};
  const names = Object.keys(fields).sort();
  const texts = names.map((name) => fieldText(name, fields[name] as JsonValue));
  const own = texts.length === 0 ? NOTHING_OWN : ownDisclosures(texts, sealedUnder(job), tools);
  const facts = job.facts === undefined || job.facts.length === 0 ? undefined : sortFacts(job.facts);
  const bytes = signLeaf(
    {
      v: 1,
      log: job.log,
      id: job.id,
      type: job.type,
      stream: job.stream,
      version: job.version,
      day: job.day,
      data: job.data,
      command: job.command,
      ...(facts === undefined ? {} : { facts }),
      ...(own._sd.length === 0 ? {} : { _sd: own._sd }),
    },
    tools.signer,
  );
  const disclosures = [...(job.commandDisclosures ?? []), ...own.disclosures];
  if (disclosures.length === 0) return { bytes };
  requireNoFieldTwice(job);
  return { bytes, sealed: sealTogether(disclosures, sealedUnder(job), tools) };
}

/** The key under which an event's disclosures are sealed, 32 bytes, and the event's id. */
interface SealedUnder {
  readonly key: Uint8Array;
  readonly id: string;
}

interface OwnDisclosures {
  readonly disclosures: readonly string[];
  /** Left out of the leaf if empty. */
  readonly _sd: readonly string[];
}

const NOTHING_OWN: OwnDisclosures = { disclosures: [], _sd: [] };
const SALT_LABEL = utf8Encode('aidtrail leaf salts v1');
const DECOY_LABEL = utf8Encode('aidtrail leaf decoys v1');

/** The disclosures of an event's own private fields, given as `fieldText`s in the order of their names, and `_sd`. */
export function ownDisclosures(fields: readonly string[], under: SealedUnder, tools: LeafTools): OwnDisclosures {
  if (fields.length === 0) return NOTHING_OWN;
  const sha256 = tools.sha256 ?? portableSha256;
  const salts = derivedBytes(SALT_LABEL, under, tools);
  const disclosures = fields.map((field, j) => discloseField(salts(j).subarray(0, 16), field));
  const digests = disclosures.map((disclosure) => digestOfWellFormed(disclosure, sha256));
  const needed = decoysNeeded(digests.length);
  if (needed === 0) return { disclosures, _sd: sortAndPad(digests, []) };
  const decoys = derivedBytes(DECOY_LABEL, under, tools);
  return {
    disclosures,
    _sd: sortAndPad(
      digests,
      Array.from({ length: needed }, (_, j) => decoys(j)),
    ),
  };
}

/** The encrypted JSON array of disclosures. */
export function sealTogether(disclosures: readonly string[], { key, id }: SealedUnder, tools: LeafTools): Uint8Array {
  return tools.seal(key, id, encodeTransient(JSON.stringify(disclosures)));
}

/** The j-th block is SHA-256(HMAC(seal key, label ‖ event id) ‖ j), j in four bytes, most significant first. */
function derivedBytes(label: Uint8Array, { key, id }: SealedUnder, tools: LeafTools): (j: number) => Uint8Array {
  const sha256 = tools.sha256 ?? portableSha256;
  const hmac = tools.hmac ?? hmacOver(sha256);
  const input = new Uint8Array(36);
  input.set(hmac(key, concatBytes(label, utf8Encode(id))));
  return (j) => {
    for (let i = 0; i < 4; i += 1) input[32 + i] = (j >>> (24 - 8 * i)) & 255;
    return sha256(input);
  };
}

function sealedUnder({ sealKey: key, id }: LeafJob): SealedUnder {
  if (key?.length !== 32) {
    throw new MalformedInput('bad_shape', 'An event with private fields needs a seal key of 32 bytes.');
  }
  return { key, id };
}

/** A reader of all disclosures together must not meet one name with two values. */
function requireNoFieldTwice(job: LeafJob): void {
  if (job.commandDisclosures === undefined || job.privateFields === undefined) return;
  const fromCommand = new Set(job.commandFieldNames ?? Object.keys(openDisclosures(job.commandDisclosures)));
  for (const name of Object.keys(job.privateFields)) {
    if (fromCommand.has(name)) {
      throw new MalformedInput('bad_disclosure', 'The ledger adds a private field that the command discloses already.');
    }
  }
}

export function sortFacts(facts: readonly Fact[]): Fact[] {
  return [...facts].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
