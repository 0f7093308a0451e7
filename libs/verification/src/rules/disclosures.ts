import { eventTable, type EventSpec } from '@aidtrail/domain';
import {
  digestOf,
  MalformedInput,
  parseDisclosureOrThrow,
  type Fact,
  type JsonValue,
  type Leaf,
  type Sha256,
} from '@aidtrail/envelope';

export type Fields = Readonly<Record<string, JsonValue>>;

/** The private fields of one leaf, each found under one of its digests. */
export interface Disclosed {
  /** What the signers disclosed with their command. */
  readonly command: Fields;
  /** What the ledger added, but for its facts. */
  readonly own: Fields;
  /** Facts whose streams would identify somebody. */
  readonly facts: readonly Fact[];
  /** All of them together, as the ledger folds them. */
  readonly all: Fields;
}

/** The name under which the ledger discloses identifying facts; no field of an event has it. */
const FACTS = 'facts';

/**
 * The disclosures of a leaf by field. Undefined unless each belongs to one of the digests of the leaf or of its command,
 * none comes twice, and no field is disclosed twice. Untrusted: whoever gave them may have made them up.
 */
export function openDisclosures(leaf: Leaf, disclosures: readonly string[], sha256: Sha256): Disclosed | undefined {
  const ofCommand = new Set('body' in leaf.command ? leaf.command.body._sd : undefined);
  const ofLedger = new Set(leaf._sd);
  const command: Record<string, JsonValue> = {};
  const own: Record<string, JsonValue> = {};
  try {
    for (const disclosure of disclosures) {
      const digest = digestOf(disclosure, sha256);
      const { name, value } = parseDisclosureOrThrow(disclosure);
      if (Object.hasOwn(command, name) || Object.hasOwn(own, name)) return undefined;
      // Deleting it refuses a disclosure that comes twice.
      if (ofCommand.delete(digest)) command[name] = value;
      else if (ofLedger.delete(digest)) own[name] = value;
      else return undefined;
    }
  } catch (error) {
    if (error instanceof MalformedInput) return undefined;
    throw error;
  }
  const all = { ...command, ...own };
  const { [FACTS]: named = [], ...others } = own;
  return areFacts(named) ? { command, own: others, facts: named, all } : undefined;
}

/** Of all disclosed fields those that the event's own table has. */
export function privateFieldsOf(type: string, { all }: Disclosed): Fields {
  const { disclosure = {} } = (eventTable as Readonly<Record<string, EventSpec>>)[type] ?? {};
  return Object.fromEntries(Object.entries(all).filter(([name]) => Object.hasOwn(disclosure, name)));
}

function areFacts(value: JsonValue): value is Fact[] & JsonValue {
  return (
    Array.isArray(value) &&
    value.every(
      (fact: JsonValue) =>
        Array.isArray(fact) && fact.length === 2 && typeof fact[0] === 'string' && Number.isSafeInteger(fact[1]),
    )
  );
}
