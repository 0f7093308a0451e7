import type { ClientBase } from 'pg';
import { appendSize } from '../checks.js';
import type { Append, AppendOutcome, CommandOutcome } from '../port.js';
import { booleanArray, byteaArray, int4Array, textArray, uuidArray } from './binary-arrays.js';

/** An append, or an outcome without events: a refusal, or what was decided in another store. */
export type WriteItem = { readonly append: Append } | { readonly outcome: CommandOutcome };

/** An outcome that was stored answers `appended` with the head and version 0. */
export type WriteOutcome = AppendOutcome;

interface Row {
  readonly r_item: number;
  readonly r_status: 'start' | 'command_decided' | 'event_exists' | 'version_conflict';
  readonly r_number: string | null;
  readonly r_event: string | null;
  readonly r_accepted: boolean | null;
  readonly r_hash: Buffer | null;
  readonly r_answer: Buffer | null;
}

/** Items with the parameters of their statement. */
export interface PreparedGroup {
  readonly items: readonly WriteItem[];
  readonly values: readonly Buffer[];
}

export function prepareGroup(items: readonly WriteItem[]): PreparedGroup {
  return { items, values: parametersOf(items) };
}

/** Stores a group in one transaction, one round trip: the function call is the transaction. */
export async function writeGroup(
  client: ClientBase,
  schema: string,
  { items, values }: PreparedGroup,
): Promise<readonly WriteOutcome[]> {
  const { rows } = await client.query<Row>({
    name: `${schema}.write_group`,
    text: `SELECT * FROM ${schema}.write_group($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)`,
    values: [...values],
  });
  return outcomesOf(items, rows);
}

/**
 * The longest run of items, from an index on, that can go in one group: within the limits, and with no id twice, since
 * the second must see what became of the first. At least one item.
 */
export function groupFrom<I extends WriteItem>(
  items: readonly I[],
  start: number,
  limits: { readonly events: number; readonly bytes: number },
): I[] {
  const group: I[] = [];
  const ids = new Set<string>();
  let events = 0;
  let bytes = 0;
  for (let i = start; i < items.length; i += 1) {
    const item = items[i] as I;
    const own = idsOf(item);
    if (own.some((id) => ids.has(id))) break;
    // An outcome counts as one event, so that a group of outcomes has an end too.
    events += 'append' in item ? item.append.events.length : 1;
    bytes += 'append' in item ? appendSize(item.append) : item.outcome.answer.length;
    if (group.length > 0 && (events > limits.events || bytes > limits.bytes)) break;
    for (const id of own) ids.add(id);
    group.push(item);
  }
  return group;
}

function idsOf(item: WriteItem): string[] {
  const commandId = 'append' in item ? item.append.command?.commandId : item.outcome.commandId;
  const ids = 'append' in item ? item.append.events.map((event) => event.id) : [];
  // An event id may equal a command id: they are different things, kept apart by a mark.
  if (commandId !== undefined) ids.push(`command ${commandId}`);
  return ids;
}

function parametersOf(items: readonly WriteItem[]): Buffer[] {
  const slotOf = new Map<string, number>();
  const item = { slots: [] as number[], expected: [] as number[], counts: [] as number[] };
  const command = { items: [] as number[], outcomes: [] as CommandOutcome[] };
  const event = { items: [] as number[], streams: [] as string[], versions: [] as number[], ids: [] as string[] };
  const bytes: Uint8Array[] = [];
  const sealed: (Uint8Array | undefined)[] = [];
  items.forEach((entry, i) => {
    const outcome = 'append' in entry ? entry.append.command : entry.outcome;
    if (outcome) {
      command.items.push(i + 1);
      command.outcomes.push(outcome);
    }
    const { stream, expectedVersion, events } = 'append' in entry ? entry.append : nothing;
    if (events.length > 0 && !slotOf.has(stream)) slotOf.set(stream, slotOf.size + 1);
    item.slots.push(slotOf.get(stream) ?? 0);
    item.expected.push(expectedVersion);
    item.counts.push(events.length);
    events.forEach((one, k) => {
      event.items.push(i + 1);
      event.streams.push(stream);
      event.versions.push(expectedVersion + k + 1);
      event.ids.push(one.id);
      bytes.push(one.bytes);
      sealed.push(one.sealed);
    });
  });
  return [
    textArray([...slotOf.keys()]),
    int4Array(item.slots),
    int4Array(item.expected),
    int4Array(item.counts),
    int4Array(command.items),
    uuidArray(command.outcomes.map((outcome) => outcome.commandId)),
    booleanArray(command.outcomes.map((outcome) => outcome.kind === 'accepted')),
    byteaArray(command.outcomes.map((outcome) => outcome.bodyHash)),
    byteaArray(command.outcomes.map((outcome) => outcome.answer)),
    int4Array(event.items),
    textArray(event.streams),
    int4Array(event.versions),
    uuidArray(event.ids),
    byteaArray(bytes),
    byteaArray(sealed),
  ];
}

const nothing: Append = { stream: '', expectedVersion: 0, events: [] };

function outcomesOf(items: readonly WriteItem[], rows: readonly Row[]): WriteOutcome[] {
  const rowOf = new Map(rows.map((row) => [row.r_item, row]));
  let position = Number(rowOf.get(0)?.r_number);
  return items.map((item, i): WriteOutcome => {
    const row = rowOf.get(i + 1);
    if (row) return failureOf(item, row);
    if (!('append' in item)) return { status: 'appended', firstPosition: position, version: 0 };
    const { expectedVersion, events } = item.append;
    const firstPosition = position;
    position += events.length;
    return { status: 'appended', firstPosition, version: expectedVersion + events.length };
  });
}

function failureOf(item: WriteItem, row: Row): WriteOutcome {
  switch (row.r_status) {
    case 'command_decided': {
      const command = 'append' in item ? item.append.command : item.outcome;
      const outcome: CommandOutcome = {
        kind: row.r_accepted ? 'accepted' : 'refused',
        commandId: command?.commandId ?? '',
        bodyHash: viewOf(row.r_hash),
        answer: viewOf(row.r_answer),
      };
      return { status: 'command_decided', outcome };
    }
    case 'event_exists':
      return { status: 'event_exists', eventId: row.r_event ?? '' };
    case 'version_conflict':
      return { status: 'version_conflict', actualVersion: Number(row.r_number) };
    case 'start':
      throw new Error('write_group returned the row of item 0 for an item');
  }
}

/** A Buffer's `slice` and `toString` differ from a Uint8Array's: the port promises the latter. */
export function viewOf(buffer: Buffer | null): Uint8Array {
  return buffer ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length) : new Uint8Array();
}
