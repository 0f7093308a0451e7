import {
  isSoftDeleted,
  metastreamOf,
  type AppendOutcome,
  type Expected,
  type KeptEvent,
  type KeptStream,
} from './kept.js';

type Checked = AppendOutcome | { readonly kind: 'ok' };

/**
 * Whether an append may be written. With an exact revision (or none) it is compared with what the stream holds: the same
 * ids at the same place are a repetition, and succeed, however long ago it was. With any revision only the latest ids
 * are known, so a repetition may be written twice. A batch of which a part is known is refused.
 */
export class CommitCheck {
  readonly #recent = new Map<string, KeptEvent>();

  constructor(
    readonly streamNamed: (name: string) => KeptStream | undefined,
    readonly capacity: number,
  ) {}

  check(name: string, expected: Expected, proposals: readonly { readonly id: string }[]): Checked {
    const stream = this.streamNamed(name);
    if (stream?.tombstoned === true) return { kind: 'stream-deleted' };
    const last = (stream?.events.length ?? 0) - 1;
    const deleted = stream !== undefined && isSoftDeleted(stream);
    if (expected === 'stream_exists') {
      if (deleted) return { kind: 'stream-deleted' };
      const described = (this.streamNamed(metastreamOf(name))?.events.length ?? 0) > 0;
      if (last < 0 && !described) return { kind: 'wrong-expected-version', current: last };
    }
    if (expected === 'any' || expected === 'stream_exists') return this.#checkRecent(name, last, proposals);
    const exact = expected === 'no_stream' ? -1 : expected;
    if (exact < last) return this.#checkPlace(stream, exact, proposals);
    return exact > last ? { kind: 'wrong-expected-version', current: last } : { kind: 'ok' };
  }

  remember(event: KeptEvent): void {
    this.#recent.set(event.id, event);
    if (this.#recent.size <= this.capacity) return;
    for (const oldest of this.#recent.keys()) {
      this.#recent.delete(oldest);
      return;
    }
  }

  #checkRecent(name: string, last: number, proposals: readonly { readonly id: string }[]): Checked {
    let known: KeptEvent | undefined;
    for (const [at, { id }] of proposals.entries()) {
      const recent = this.#recent.get(id);
      if (recent?.stream !== name) return at === 0 ? { kind: 'ok' } : { kind: 'wrong-expected-version', current: last };
      known = recent;
    }
    if (known === undefined) return { kind: 'ok' };
    return { kind: 'repeated', revision: Number(known.revision), position: known.position };
  }

  #checkPlace(
    stream: KeptStream | undefined,
    expected: number,
    proposals: readonly { readonly id: string }[],
  ): Checked {
    const events = stream?.events ?? [];
    const refused: Checked = { kind: 'wrong-expected-version', current: events.length - 1 };
    for (const [at, { id }] of proposals.entries()) {
      if (events[expected + 1 + at]?.id === id) continue;
      const startsAnew = at === 0 && expected === -1 && stream !== undefined && isSoftDeleted(stream);
      return startsAnew ? { kind: 'ok' } : refused;
    }
    if (proposals.length === 0) return refused;
    const revision = expected + proposals.length;
    return { kind: 'repeated', revision, position: events[revision]?.position };
  }
}
