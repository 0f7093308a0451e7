/**
 * The index of the ledger, kept in pages in a stream of its own, so that a start need not read `$all` from its
 * beginning. Each page follows from `$all` alone and has its fixed place: any process may write it, and it does not
 * matter which one does. Nothing is lost with them: without pages the index is made from the events again.
 */
import type { Recorded, Written } from './connection.js';
import type { AllPosition, LedgerState, Mark, VoidRange } from './ledger-state.js';
import { readUuid } from './uuid.js';
import { createHash } from 'node:crypto';

/** A page is full after the batch with which it has so many events, commands and void batches (16 each). */
export const entriesPerPage = 8_192;
const form = 1;

/** How far the state had come where a page begins. */
export interface PageStart {
  readonly page: number;
  readonly head: number;
  readonly commands: number;
  readonly marks: number;
}

/** The void batches since then, in their order. */
export type NewVoids = readonly { readonly stream: string; readonly range: VoidRange }[];

interface PageMetadata {
  readonly form: number;
  readonly page: number;
  readonly head: number;
  readonly commands: number;
  /** The last batch or refusal that the page knows. */
  readonly last: StoredPosition;
  readonly marks: readonly (readonly [position: number, commit: string, prepare: string])[];
  readonly voids: readonly (readonly [stream: string, from: number, count: number])[];
  readonly sha256: string;
}

type StoredPosition = { readonly commit: string; readonly prepare: string };

export function pageStartOf(state: LedgerState, page: number): PageStart {
  return { page, head: state.head, commands: state.commands.size, marks: state.marks.length };
}

export function isFull(state: LedgerState, start: PageStart, voids: NewVoids): boolean {
  const entries = state.head - start.head + (state.commands.size - start.commands) + voids.length * 16;
  return entries >= entriesPerPage;
}

/** The page from a start to what the state is now. The same bytes in every process. */
export function pageOf(
  state: LedgerState,
  start: PageStart,
  voids: NewVoids,
): Pick<Written, 'id' | 'data' | 'metadata'> {
  const events = state.head - start.head;
  const commands = state.commands.size - start.commands;
  const data = new Uint8Array((events + commands) * 20);
  const view = new DataView(data.buffer);
  data.set(state.ids.bytes(start.head, state.head));
  let at = events * 16;
  for (let i = start.head; i < state.head; i += 1, at += 4) view.setUint32(at, state.eventPlace(i));
  data.set(state.commands.bytes(start.commands, state.commands.size), at);
  at += commands * 16;
  for (let i = start.commands; i < state.commands.size; i += 1, at += 4) view.setUint32(at, state.commandPlace(i));
  const unsigned = {
    form,
    page: start.page,
    head: state.head,
    commands: state.commands.size,
    last: toText(state.last as AllPosition),
    marks: state.marks.slice(start.marks).map(({ position, after }): PageMetadata['marks'][number] => {
      const { commit, prepare } = toText(after as AllPosition);
      return [position, commit, prepare];
    }),
    voids: voids.map(({ stream, range }): PageMetadata['voids'][number] => [stream, range.from, range.count]),
  };
  const sha256 = digestOf(data, unsigned);
  return { id: idFrom(sha256), data, metadata: { ...unsigned, sha256 } };
}

/** Takes a page in. Throws `IndexUnusable` when it does not follow on what the state holds, or was not written like this. */
export function takePage(state: LedgerState, recorded: Recorded): void {
  const { data, events, commands, marks, voids, last } = partsOfPage(state, recorded);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  for (let i = 0; i < events; i += 1) state.addEvent(readUuid(data, i * 16), view.getUint32(events * 16 + i * 4));
  const second = events * 20;
  for (let i = 0; i < commands; i += 1) {
    state.addCommand(readUuid(data, second + i * 16), view.getUint32(second + commands * 16 + i * 4));
  }
  for (const mark of marks) state.addMark(mark);
  for (const { stream, range } of voids) state.addVoid(stream, range);
  state.last = last;
}

interface PageParts {
  readonly data: Uint8Array;
  readonly events: number;
  readonly commands: number;
  readonly marks: readonly Mark[];
  readonly voids: NewVoids;
  readonly last: AllPosition;
}

/** All that can fail, before anything is changed. Anybody may have written there, so nothing is taken for granted. */
function partsOfPage(state: LedgerState, { revision, metadata: given, data: givenData }: Recorded): PageParts {
  const page = Number(revision);
  try {
    const metadata = given as PageMetadata;
    const data = givenData as Uint8Array;
    const { sha256, ...unsigned } = metadata;
    const events = metadata.head - state.head;
    const commands = metadata.commands - state.commands.size;
    const isOurs = metadata.form === form && metadata.page === page && digestOf(data, unsigned) === sha256;
    if (!isOurs || !(events >= 0 && commands >= 0) || data.length !== (events + commands) * 20) {
      throw new IndexUnusable(page);
    }
    return {
      data,
      events,
      commands,
      marks: metadata.marks.map(([position, commit, prepare]) => ({
        position,
        after: toPosition({ commit, prepare }),
      })),
      voids: metadata.voids.map(([stream, from, count]) => ({ stream, range: { from, count } })),
      last: toPosition(metadata.last),
    };
  } catch {
    throw new IndexUnusable(page);
  }
}

/** The page is damaged, or of another version of this program. */
export class IndexUnusable extends Error {
  override readonly name = 'IndexUnusable';
  constructor(page: number) {
    super(`page ${page} of the index in KurrentDB is not what this program writes`);
  }
}

/** Against damage, not against forgers: who can write there can write events too. */
function digestOf(data: Uint8Array, metadata: Omit<PageMetadata, 'sha256'>): string {
  return createHash('sha256').update(JSON.stringify(metadata)).update(data).digest('hex');
}

/** Equal pages have equal ids, so that a repeated append is known as one. */
function idFrom(sha256: string): string {
  return `${sha256.slice(0, 8)}-${sha256.slice(8, 12)}-8${sha256.slice(13, 16)}-8${sha256.slice(17, 20)}-${sha256.slice(20, 32)}`;
}

function toText({ commit, prepare }: AllPosition): StoredPosition {
  return { commit: commit.toString(), prepare: prepare.toString() };
}

function toPosition({ commit, prepare }: StoredPosition): AllPosition {
  return { commit: BigInt(commit), prepare: BigInt(prepare) };
}
