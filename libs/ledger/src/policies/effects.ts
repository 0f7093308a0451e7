import { isRefusal, commandConcept, type AnyCommand, type Context, type Effect } from '@aidtrail/domain';
import { uuidV5, type JsonValue } from '@aidtrail/envelope';
import type { EventStore } from '@aidtrail/event-store';
import { giveWay, MAX_ATTEMPTS } from '../contention.js';
import { contextOf } from '../context.js';
import { gatherFacts, ownPrivateFields, type ResolveStream } from '../pipeline/facts.js';
import type { CheckpointLookup, LedgerCrypto, LedgerObserver, SealKeys } from '../ports.js';
import { initialOf, type FoldedStream, type Streams, type StreamSource } from '../streams.js';
import { leafJobsOf, recordedEvents, writeEvents, type EventsToWrite, type LeavesToAppend } from '../write.js';

export interface EffectDependencies {
  readonly origin: string;
  readonly store: EventStore;
  readonly streams: Streams;
  readonly sealKeys: SealKeys;
  readonly crypto: LedgerCrypto;
  readonly checkpoints: CheckpointLookup;
  readonly resolve: ResolveStream;
  readonly observer?: LedgerObserver;
}

/** What a policy asks for, because of the event `causeId`. */
export interface CausedEffect {
  readonly causeId: string;
  readonly effect: Effect<{ readonly type: string; readonly id: string; readonly data: object }>;
  /** Known already in bulk work; otherwise asked of `SealKeys`. */
  readonly sealKey?: Uint8Array;
}

/** How many events are new, and how many effects were refused. */
export interface BulkOutcome {
  readonly added: number;
  readonly refused: number;
}

export type EffectOutcome = 'applied' | 'already_applied' | { readonly refused: string };

/**
 * Applies the effects of policies. Every event's id follows from its cause and index, and ids are unique in the store:
 * whoever repeats an effect, after a crash or in a second process, meets its own work and changes nothing.
 */
export class Effects {
  constructor(private readonly dependencies: EffectDependencies) {}

  /** One effect on one stream, decided and written; on a version conflict decided again. */
  async apply(caused: CausedEffect): Promise<EffectOutcome> {
    const { store, streams, crypto, origin, observer } = this.dependencies;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      if (attempt > 0) await giveWay(attempt);
      const { stream } = caused.effect;
      const target = attempt === 0 ? await streams.load(stream) : await streams.reload(stream);
      const decision = await this.decideForGood(caused, target, await this.context(streams));
      if (decision === 'already_applied' || 'refused' in decision) return this.unlessStored(caused, decision);
      const jobs = leafJobsOf(origin, decision, crypto);
      const leaves = jobs.map((job) => crypto.prepareLeaf(job));
      const ids = jobs.map((job) => job.id);
      const decided = decision.stream;
      const [outcome] = await writeEvents(store, [{ stream, expectedVersion: decided.version, ids, leaves }]);
      if (outcome?.status === 'event_exists') return 'already_applied';
      if (outcome?.status !== 'appended') continue;
      streams.applied(decided, recordedEvents(decision, ids, outcome.firstPosition, {}));
      observer?.eventsAppended?.(ids.length, outcome.firstPosition + ids.length - 1);
      return 'applied';
    }
    throw new Error('A stream stayed contended for too long; the policy will try again.');
  }

  /** For effects that nothing can stand in the way of. A refusal means that a rule and a policy contradict each other. */
  async applyOrThrow(caused: CausedEffect): Promise<void> {
    const outcome = await this.apply(caused);
    if (typeof outcome === 'object') throw new PolicyRefused(caused.effect.command.type, outcome.refused);
  }

  /** Many effects that each begin a stream. Those whose stream exists were applied before and are passed over. */
  async applyNew(caused: readonly CausedEffect[]): Promise<void> {
    await this.commit(await this.prepareNew(caused));
  }

  /**
   * The same page by page: while one page is being appended, the next is in the hands of the worker pool, the one after it
   * is decided and one more is read. Pages are appended in their order, one at a time.
   */
  async applyPagesNew(pages: AsyncIterable<readonly CausedEffect[]>): Promise<void> {
    const preparing: Promise<PreparedEffects>[] = [];
    let committing: Promise<unknown> = Promise.resolve();
    const commitFirst = async (): Promise<void> => {
      const prepared = await preparing.shift();
      await committing;
      if (prepared !== undefined) committing = expected(this.commit(prepared));
    };
    for await (const page of pages) {
      preparing.push(expected(this.prepareNew(page)));
      if (preparing.length >= PAGES_PREPARED_AT_ONCE) await commitFirst();
    }
    while (preparing.length > 0) await commitFirst();
    await committing;
  }

  /** Many effects on streams that exist, read in one round trip. */
  async applyToExisting(caused: readonly CausedEffect[]): Promise<BulkOutcome> {
    const streams = caused.map(({ effect }) => effect.stream);
    return this.commit(await this.prepare(caused, await this.dependencies.streams.loadMany(streams)));
  }

  private async prepareNew(caused: readonly CausedEffect[]): Promise<PreparedEffects> {
    const missing = await this.withoutExisting(caused);
    return this.prepare(
      missing,
      missing.map(({ effect }) => initialOf(effect.stream)),
    );
  }

  /**
   * Effects are appended in their order, so those of an earlier run are the first ones, and mostly two look-ups tell
   * whether there are any. What this overlooks, the append itself finds.
   */
  private async withoutExisting(caused: readonly CausedEffect[]): Promise<readonly CausedEffect[]> {
    const [first, last] = [caused[0]?.effect.stream, caused.at(-1)?.effect.stream];
    if (first === undefined || last === undefined) return [];
    const ends = await this.dependencies.store.versionsOf([first, last]);
    if (ends.get(first) === 0 && ends.get(last) === 0) return caused;
    const versions = await this.dependencies.store.versionsOf(caused.map(({ effect }) => effect.stream));
    return caused.filter(({ effect }) => versions.get(effect.stream) === 0);
  }

  /** Decides effects, each on a stream of its own, and has their leaves signed in the worker pool. */
  private async prepare(caused: readonly CausedEffect[], targets: readonly FoldedStream[]): Promise<PreparedEffects> {
    const { crypto, origin } = this.dependencies;
    const decided: { readonly caused: CausedEffect; readonly write: EventsToWrite }[] = [];
    let refused = 0;
    const context = await this.context(this.dependencies.streams);
    for (const [i, one] of caused.entries()) {
      const decision = await this.decideForGood(one, targets[i] as FoldedStream, context);
      if (isRefusal(decision)) refused += 1;
      else if (decision !== 'already_applied') decided.push({ caused: one, write: decision });
    }
    const jobs = decided.map(({ write }) => leafJobsOf(origin, write, crypto));
    const leaves = await crypto.prepareLeaves(jobs.flat());
    let offset = 0;
    const effects = decided.map(({ caused: one, write }, i) => {
      const ids = (jobs[i] ?? []).map((job) => job.id);
      const own = leaves.slice(offset, (offset += ids.length));
      const { stream, version } = write.stream;
      return { caused: one, events: write.events, append: { stream, expectedVersion: version, ids, leaves: own } };
    });
    return { effects, refused };
  }

  /** Appends in few durable commits. What met a version conflict is decided again one by one. */
  private async commit(prepared: PreparedEffects): Promise<BulkOutcome> {
    const { effects } = prepared;
    const outcomes = await writeEvents(
      this.dependencies.store,
      effects.map(({ append }) => append),
    );
    let { refused } = prepared;
    let added = 0;
    let lastPosition = -1;
    for (const [i, outcome] of outcomes.entries()) {
      const { caused, events, append } = effects[i] as PreparedEffects['effects'][number];
      if (outcome.status === 'appended') {
        this.dependencies.streams.appended(append.stream, outcome.firstPosition, events);
        added += append.ids.length;
        lastPosition = Math.max(lastPosition, outcome.firstPosition + append.ids.length - 1);
      } else if (outcome.status === 'version_conflict') {
        const again = await this.apply(caused);
        if (again === 'applied') added += 1;
        else if (again !== 'already_applied') refused += 1;
      }
    }
    if (lastPosition >= 0) this.dependencies.observer?.eventsAppended?.(added, lastPosition);
    return { added, refused };
  }

  /**
   * As for commands, nothing is refused for what is only cached: a policy acts on a refusal, and does not ask again. So
   * before it is given, everything that it rests on is read from the store, and decided again.
   */
  private async decideForGood(caused: CausedEffect, target: FoldedStream, context: Context): Promise<Decision> {
    const { streams } = this.dependencies;
    const decision = await this.decide(caused, { target, context, streams });
    if (!isRefusal(decision)) return decision;
    const stored: StreamSource = { load: (stream) => streams.reload(stream) };
    const [again, now] = await Promise.all([streams.reload(target.stream), this.context(stored)]);
    return this.decide(caused, { target: again, context: now, streams: stored });
  }

  private async decide(
    { causeId, effect, sealKey }: CausedEffect,
    on: { readonly target: FoldedStream; readonly context: Context; readonly streams: StreamSource },
  ): Promise<Decision> {
    const { resolve, crypto } = this.dependencies;
    const { target, context, streams } = on;
    const id = uuidV5(causeId, String(effect.index), crypto.sha1);
    const command = { ...effect.command, id } as AnyCommand;
    const concept = commandConcept(command.type);
    if (concept === undefined) throw new Error('A policy asked for a command that does not exist.');
    const facts = await gatherFacts((have) => concept.needs(command, target.state, have), streams, {
      always: [],
      resolve,
    });
    const made = concept.decider.decide(command, target.state, { context, ...facts.byName });
    if (isRefusal(made)) return { refused: made.refused };
    const events = made;
    if (events.length === 0) return 'already_applied';
    const privateFields = events.map((event) =>
      ownPrivateFields(event.private as Readonly<Record<string, JsonValue>> | undefined, {}, facts.identifying),
    );
    return {
      stream: target,
      events,
      day: context.day,
      idNamespace: causeId,
      firstIndex: effect.index,
      firstId: id,
      facts: facts.published,
      command: { ref: causeId },
      commandDisclosures: [],
      commandFieldNames: [],
      privateFields,
      sealKey: privateFields.some((fields) => fields !== undefined)
        ? (sealKey ?? (await this.keyOf(target)))
        : undefined,
    };
  }

  private async context(streams: StreamSource): Promise<Context> {
    const [latest, ledger, calendar] = await Promise.all([
      this.dependencies.checkpoints.latest(),
      streams.load('ledger-main'),
      streams.load('calendar-main'),
    ]);
    return contextOf({ ledger, calendar, signers: [], treeSize: latest.size });
  }

  private async keyOf(target: FoldedStream): Promise<Uint8Array> {
    const key = (await this.dependencies.sealKeys.keysOf([target.stream])).get(target.stream);
    if (key === undefined || key === 'erased') throw new Error('A policy writes about somebody whose key is gone.');
    return key;
  }

  /** A refusal or "nothing to do" may be the trace of the effect having been applied before. */
  private async unlessStored<T extends EffectOutcome>(caused: CausedEffect, otherwise: T): Promise<EffectOutcome> {
    const id = uuidV5(caused.causeId, String(caused.effect.index), this.dependencies.crypto.sha1);
    const stored = await this.dependencies.store.readEvent(id);
    return stored?.stream === caused.effect.stream ? 'already_applied' : otherwise;
  }
}

const PAGES_PREPARED_AT_ONCE = 2;

/** A page that fails is met at the next await; until then its rejection must not count as unhandled. */
function expected<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}

type Decision = EventsToWrite | 'already_applied' | { readonly refused: string };

/** Effects with their signed leaves, ready to be appended, and how many more were refused. */
interface PreparedEffects {
  readonly effects: readonly {
    readonly caused: CausedEffect;
    readonly events: EventsToWrite['events'];
    readonly append: LeavesToAppend;
  }[];
  readonly refused: number;
}

/** A policy's effect was refused although nothing may refuse it. The policy stops and is tried again; see `/ready`. */
export class PolicyRefused extends Error {
  override readonly name = 'PolicyRefused';
  constructor(commandType: string, code: string) {
    super(`The policy command ${commandType} was refused: ${code}.`);
  }
}
