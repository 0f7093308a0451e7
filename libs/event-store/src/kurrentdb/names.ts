/** What the ledger's streams and events are called in KurrentDB. */
export interface Names {
  /** The stream of KurrentDB that keeps a stream of the ledger: the same name, unless the ledger has a prefix. */
  streamOf(stream: string): string;
  /** The stream of the ledger that a stream of KurrentDB keeps. */
  ledgerStreamOf(stream: string): string;
  readonly types: EventTypes;
  /** Whether an event of this type is one of the ledger, if it is not void. */
  isEvent(type: string): boolean;
  /** Where a refusal is kept. Like the two below no stream of the ledger: those begin with a letter or a digit. */
  refusalStream(commandId: string): string;
  /** Where the pages of the index are kept. */
  readonly indexStream: string;
  /** Where the large parts of a batch are kept. */
  partsStream(batchId: string): string;
}

export interface EventTypes {
  /** An event of a batch, but not the last one. */
  readonly leaf: string;
  /** The last event of a batch: it carries what decides about the batch, and is all that the sequencer follows. */
  readonly commit: string;
  readonly refusal: string;
  readonly indexPage: string;
  readonly part: string;
}

const defaultPrefix = 'aidtrail';

/** A prefix keeps several ledgers apart in one database, as for tests; without one the streams keep their names. */
export function namesOf(prefix?: string): Names {
  if (prefix !== undefined && !/^[a-z][a-z0-9_]{0,39}$/.test(prefix)) {
    throw new TypeError('a prefix is 1 … 40 lower-case letters, digits and underscores, the first a letter');
  }
  const own = prefix ?? defaultPrefix;
  const before = prefix === undefined ? '' : `${prefix}.`;
  return {
    streamOf: (stream) => before + stream,
    ledgerStreamOf: (stream) => stream.slice(before.length),
    types: {
      leaf: `${own}.leaf`,
      commit: `${own}.commit`,
      refusal: `${own}.refusal`,
      indexPage: `${own}.index-page`,
      part: `${own}.part`,
    },
    isEvent: (type) => type === `${own}.commit` || type === `${own}.leaf`,
    refusalStream: (commandId) => `_${own}.refusal-${commandId}`,
    indexStream: `_${own}.index`,
    partsStream: (batchId) => `_${own}.parts-${batchId}`,
  };
}
