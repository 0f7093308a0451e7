import type {
  JsonObject,
  JsonValue,
  LeafJob,
  PreparedLeaf,
  CommandToEmbed,
  Fact as LeafFact,
} from '@aidtrail/envelope';
import { uuidV5 } from '@aidtrail/envelope';
import type { DomainEvent } from '@aidtrail/domain';
import type { AppendOutcome, CommandOutcome, EventStore } from '@aidtrail/event-store';
import type { LedgerCrypto } from './ports.js';
import type { AnyRecorded, FoldedStream } from './streams.js';

/** Events that a decider made for one stream, and all that their leaves must say besides. */
export interface EventsToWrite {
  readonly stream: FoldedStream;
  readonly events: readonly DomainEvent[];
  readonly day: string;
  /** The id of event j is UUIDv5(`idNamespace`, `firstIndex + j`). */
  readonly idNamespace: string;
  readonly firstIndex: number;
  /** UUIDv5(`idNamespace`, `firstIndex`), which whoever decides has computed already. */
  readonly firstId: string;
  readonly facts: readonly LeafFact[];
  /** What the first event embeds; those after it refer to the first. Policy events all refer to their cause. */
  readonly command: CommandToEmbed;
  readonly commandDisclosures: readonly string[];
  readonly commandFieldNames: readonly string[];
  /** Private fields that the ledger adds, one entry an event. */
  readonly privateFields: readonly (Readonly<Record<string, JsonValue>> | undefined)[];
  readonly sealKey: Uint8Array | undefined;
}

/** The leaves to be, ready for signing. Event j of a signed command refers to event 0, which carries the command. */
export function leafJobsOf(log: string, write: EventsToWrite, crypto: LedgerCrypto): readonly LeafJob[] {
  const { firstId } = write;
  const isRef = 'ref' in write.command;
  return write.events.map((event, j) => {
    const privateFields = write.privateFields[j];
    return {
      log,
      id: j === 0 ? firstId : uuidV5(write.idNamespace, String(write.firstIndex + j), crypto.sha1),
      type: event.type,
      stream: write.stream.stream,
      version: write.stream.version + j + 1,
      day: write.day,
      data: event.data as JsonObject,
      facts: write.facts,
      command: j === 0 || isRef ? write.command : { ref: firstId },
      ...(privateFields === undefined ? {} : { privateFields }),
      ...(j === 0 && write.commandDisclosures.length > 0
        ? { commandDisclosures: write.commandDisclosures, commandFieldNames: write.commandFieldNames }
        : {}),
      ...(write.sealKey === undefined ? {} : { sealKey: write.sealKey }),
    };
  });
}

/**
 * **The one place where events are appended.** Everything before it can be repeated without a trace; when it resolves
 * with `appended`, the events and the signed answer are on disk. A crash inside leaves both or neither.
 */
export async function writeEvents(
  store: EventStore,
  writes: readonly LeavesToAppend[],
): Promise<readonly AppendOutcome[]> {
  const [only] = writes;
  if (only === undefined) return [];
  return writes.length === 1 ? [await store.append(toAppend(only))] : store.appendMany(writes.map(toAppend));
}

/** Signed leaves of one stream. `command` stands only with the events of a signed command. */
export interface LeavesToAppend {
  readonly stream: string;
  readonly expectedVersion: number;
  readonly ids: readonly string[];
  readonly leaves: readonly PreparedLeaf[];
  readonly command?: CommandOutcome & { readonly kind: 'accepted' };
}

function toAppend(write: LeavesToAppend) {
  return {
    stream: write.stream,
    expectedVersion: write.expectedVersion,
    events: write.leaves.map((leaf, j) => ({
      id: write.ids[j] as string,
      bytes: leaf.bytes,
      ...(leaf.sealed === undefined ? {} : { sealed: leaf.sealed }),
    })),
    ...(write.command === undefined ? {} : { command: write.command }),
  };
}

/** The events as they will read once stored at `firstPosition`, to be folded into the state that decided them. */
export function recordedEvents(
  write: EventsToWrite,
  ids: readonly string[],
  firstPosition: number,
  disclosedByCommand: Readonly<Record<string, JsonValue>>,
): readonly AnyRecorded[] {
  return write.events.map((event, j) => {
    const privateFields = { ...(j === 0 ? disclosedByCommand : {}), ...write.privateFields[j] };
    return {
      type: event.type,
      data: event.data,
      ...(Object.keys(privateFields).length === 0 ? {} : { private: privateFields }),
      id: ids[j] as string,
      position: firstPosition + j,
      day: write.day,
    };
  });
}
