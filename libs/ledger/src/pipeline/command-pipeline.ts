import {
  base64DecodeOrThrow,
  base64Encode,
  bytesEqual,
  COMMAND_TYPE,
  embedCommand,
  pae,
  signAnswer,
  uuidV5,
  type JsonValue,
  type SignedCommand,
  type VerifyJob,
} from '@aidtrail/envelope';
import { commandConcept, isRefusal, parseCommandOrProblem, type AnyCommand, type DomainEvent } from '@aidtrail/domain';
import type { CommandOutcome, EventStore } from '@aidtrail/event-store';
import { giveWay, MAX_ATTEMPTS, StreamContended } from '../contention.js';
import { contextOf } from '../context.js';
import { KeyedMutex } from '../keyed-mutex.js';
import type { CheckpointStore } from '../checkpoints/checkpointer.js';
import type { CheckpointLookup, LedgerCrypto, LedgerObserver, SealKeys, SignedCheckpoint } from '../ports.js';
import type { FoldedStream, Streams, StreamSource } from '../streams.js';
import { leafJobsOf, recordedEvents, writeEvents, type EventsToWrite } from '../write.js';
import { checkAnchor } from './anchor.js';
import { alreadyRead, gatherFacts, ownPrivateFields, type GatheredFacts, type ResolveStream } from './facts.js';
import {
  answered,
  codeIn,
  reject,
  type Answered,
  type CommandResult,
  type Rejected,
  type RejectionCode,
} from './results.js';
import { Turns } from './turns.js';
import { identifySigners, type IdentifiedSigners } from './signers.js';

export interface PipelineDependencies {
  readonly origin: string;
  readonly store: EventStore;
  readonly streams: Streams;
  readonly sealKeys: SealKeys;
  readonly crypto: LedgerCrypto;
  readonly checkpoints: CheckpointLookup & Pick<CheckpointStore, 'newest'>;
  readonly resolve: ResolveStream;
  /** Until when an event that is appended now is published, RFC 3339. */
  readonly publishBy: () => string;
  readonly observer?: LedgerObserver;
}

/**
 * The write path: load, identify, decide, verify, sign, append; on a version conflict load and decide again. Deciding is
 * pure, so that verifying and signing can share one way to the worker threads. A refusal is a value; before it is stored,
 * everything it rests on is read from the store, and decided again. The answer is signed before the append and stored with
 * the events, so that whoever asks again, in any process, gets the same bytes.
 */
export class CommandPipeline {
  private readonly mutex = new KeyedMutex();
  private readonly turns = new Turns(TURN_MILLISECONDS);

  private readonly cached: Known;
  private readonly stored: Known;

  constructor(private readonly dependencies: PipelineDependencies) {
    const { streams, checkpoints } = dependencies;
    this.cached = { streams, latest: () => checkpoints.latest() };
    this.stored = {
      streams: { load: (stream) => streams.reload(stream) },
      latest: async () => (await checkpoints.newest()) ?? checkpoints.latest(),
    };
  }

  async handle(signed: SignedCommand): Promise<CommandResult> {
    const result = await this.turns.run(() => this.admit(signed));
    this.dependencies.observer?.commandAnswered?.(signed.body.type, result.kind, result.code);
    return result;
  }

  /** Runs a task while no command on these streams is being decided in this process. */
  async whileIdle<T>(streams: readonly string[], task: () => Promise<T>): Promise<T> {
    const [first, ...rest] = [...new Set(streams)].sort();
    return first === undefined ? task() : this.mutex.run(first, () => this.whileIdle(rest, task));
  }

  /** Checks all that needs no state but the signers'; nothing is recorded for what fails here. */
  private async admit(signed: SignedCommand): Promise<CommandResult> {
    const { body } = signed;
    // An event's id is derived (version 5): a command with such an id could take the place of an event yet to follow.
    if (body.id.charAt(14) !== '4') return reject('malformed', 'id: a UUID of version 4');
    const concept = commandConcept(body.type);
    if (concept === undefined || concept.commands[body.type]?.signatures === 'policy') return reject('unknown_command');
    if (body.log !== this.dependencies.origin) return reject('wrong_log');
    const disclosed = signed.privateFields;
    const parsed = parseCommandOrProblem({ type: body.type, id: body.id, data: body.data, private: disclosed });
    if ('problem' in parsed) return reject('schema', parsed.problem);
    const stream = concept.streamOf(parsed.command);
    // One command at a time per stream in this process: others would only meet a version conflict.
    return this.mutex.run(stream, () => this.decideAndWrite(signed, parsed.command, disclosed, stream));
  }

  private async decideAndWrite(
    signed: SignedCommand,
    command: AnyCommand,
    disclosed: Readonly<Record<string, JsonValue>>,
    stream: string,
  ): Promise<CommandResult> {
    const of = { command, disclosed, stream, sealKey: this.sealKeyOf(signed, stream) };
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      if (attempt > 0) await giveWay(attempt);
      let decided = await this.decideOn(this.cached, signed, { ...of, reload: attempt > 0 });
      if ('refused' in decided) {
        // Whoever can sign nothing may not make the store work.
        if (!(await this.areValid(decided.signatures))) return reject('signature_invalid');
        // A refusal is final, so it may not rest on what another process has changed since this one heard of it.
        decided = await this.decideOn(this.stored, signed, { ...of, reload: true });
      }
      if ('rejected' in decided) return reject(decided.rejected);
      const { signatures } = decided;
      const result =
        'refused' in decided
          ? await this.refuseIfSigned(signed, signatures, decided.refused)
          : await this.write(signed, { signatures, write: decided.write, disclosed });
      if (result !== 'conflict') return result;
    }
    throw new StreamContended(
      'A stream stayed contended for too long; the command was not stored. Try again with the same id.',
    );
  }

  /** What to write, or the code of the refusal. Nothing of it counts before the signatures were verified. */
  private async decideOn(
    known: Known,
    signed: SignedCommand,
    of: {
      readonly command: AnyCommand;
      readonly disclosed: Readonly<Record<string, JsonValue>>;
      readonly stream: string;
      readonly sealKey: Promise<SealKey>;
      /** Whether the command's own stream is to be read from the store as well. */
      readonly reload: boolean;
    },
  ): Promise<Decided> {
    const { streams, crypto } = this.dependencies;
    const target = await (of.reload ? streams.reload(of.stream) : streams.load(of.stream));
    const tools = { streams: known.streams, sha256: crypto.sha256 };
    const signers = await identifySigners(tools, signed, of.command, target);
    if ('rejected' in signers) return signers;
    const signatures = verifyJobsOf(signed, signers);
    const decision = await this.decide(known, signed, { command: of.command, target, signers });
    if ('refused' in decision) return { refused: decision.refused, signatures };
    if (signers.publicKeys.includes(undefined)) return { refused: 'holder_key_wrong', signatures };
    if (decision.events.length === 0) return { refused: 'already_done', signatures };
    const write = await this.eventsToWrite(signed, { ...of, target, decision });
    return write === 'subject_erased' ? { refused: write, signatures } : { write, signatures };
  }

  private async decide(
    { streams, latest }: Known,
    signed: SignedCommand,
    of: { readonly command: AnyCommand; readonly target: FoldedStream; readonly signers: IdentifiedSigners },
  ): Promise<Decision | { readonly refused: string }> {
    const { command, target, signers } = of;
    if ('refused' in signers) return signers;
    const { checkpoints, resolve } = this.dependencies;
    const [{ size: treeSize }, ledger, calendar] = await Promise.all([
      latest(),
      streams.load('ledger-main'),
      streams.load('calendar-main'),
    ]);
    const { previousPosition } = calendar.state as { readonly previousPosition?: number };
    const anchored = await checkAnchor(signed.body.anchor, previousPosition, checkpoints);
    if (anchored !== undefined) return { refused: anchored };
    const concept = commandConcept(command.type);
    if (concept === undefined) throw new Error('The command lost its concept.');
    const context = contextOf({ ledger, calendar, signers: signers.views, treeSize });
    // Before leaf 0 there is no state that knows the day: it is the one that leaf 0 opens with.
    const day = command.type === 'OpenLedger' ? command.data.openingDay : context.day;
    const read = alreadyRead([...signers.read, ledger, calendar], streams);
    const facts = await gatherFacts((have) => concept.needs(command, target.state, have), read, {
      always: signers.facts,
      resolve,
    });
    const made = concept.decider.decide(command, target.state, { context, ...facts.byName });
    if (isRefusal(made)) return { refused: made.refused };
    return { events: made, facts, day };
  }

  private async write(
    signed: SignedCommand,
    of: {
      readonly signatures: readonly VerifyJob[];
      readonly write: EventsToWrite;
      readonly disclosed: Readonly<Record<string, JsonValue>>;
    },
  ): Promise<Answered | Rejected | 'conflict'> {
    const { crypto, origin, store, streams, observer } = this.dependencies;
    const { write, disclosed } = of;
    const target = write.stream;
    const jobs = leafJobsOf(origin, write, crypto);
    const ids = jobs.map((job) => job.id);
    const prepared = await crypto.acceptIfSigned(of.signatures, { leaves: jobs, answer: this.acceptance(signed) });
    if (prepared === undefined) return reject('signature_invalid');
    const { leaves, answer } = prepared;
    const command = { kind: 'accepted', commandId: signed.body.id, bodyHash: signed.bodyHash, answer } as const;
    const [outcome] = await writeEvents(store, [
      { stream: target.stream, expectedVersion: target.version, ids, leaves, command },
    ]);
    switch (outcome?.status) {
      case 'appended':
        streams.applied(target, recordedEvents(write, ids, outcome.firstPosition, disclosed));
        observer?.eventsAppended?.(ids.length, outcome.firstPosition + ids.length - 1);
        return answered(signed, command, { code: 'accepted', repeated: false });
      case 'command_decided':
        return this.repeated(signed, outcome.outcome);
      case 'version_conflict':
        return 'conflict';
      case 'event_exists':
      case undefined:
        throw new Error('The store holds an event of a command without an outcome; stop and have the log checked.');
    }
  }

  private async eventsToWrite(
    signed: SignedCommand,
    of: {
      readonly disclosed: Readonly<Record<string, JsonValue>>;
      readonly target: FoldedStream;
      readonly sealKey: Promise<SealKey>;
      readonly decision: Decision;
    },
  ): Promise<EventsToWrite | 'subject_erased'> {
    const { disclosed, target } = of;
    const { events, facts, day } = of.decision;
    const privateFields = events.map((event, j) =>
      ownPrivateFields(privateOf(event), j === 0 ? disclosed : {}, j === 0 ? facts.identifying : []),
    );
    const isPrivate = signed.disclosures.length > 0 || privateFields.some((fields) => fields !== undefined);
    const sealKey = isPrivate ? ((await of.sealKey) ?? (await this.loadSealKey(target.stream))) : undefined;
    if (sealKey === 'erased') return 'subject_erased';
    return {
      stream: target,
      events,
      day,
      idNamespace: signed.body.id,
      firstIndex: 0,
      firstId: uuidV5(signed.body.id, '0', this.dependencies.crypto.sha1),
      facts: facts.published,
      command: embedCommand(signed),
      commandDisclosures: signed.disclosures,
      commandFieldNames: Object.keys(disclosed),
      privateFields,
      sealKey,
    };
  }

  /** Looked up while the stream is loaded; undefined where the command brings nothing private. */
  private sealKeyOf(signed: SignedCommand, stream: string): Promise<SealKey> {
    if (signed.disclosures.length === 0) return Promise.resolve(undefined);
    const loading = this.loadSealKey(stream);
    // A command that fails before it needs the key fails for its own reason.
    loading.catch(() => undefined);
    return loading;
  }

  private async loadSealKey(stream: string): Promise<SealKey> {
    return (await this.dependencies.sealKeys.keysOf([stream])).get(stream);
  }

  /** Verifies again: the store may know a second signer whom this process did not. */
  private async refuseIfSigned(
    signed: SignedCommand,
    signatures: readonly VerifyJob[],
    code: string,
  ): Promise<Answered | Rejected> {
    return (await this.areValid(signatures)) ? this.refuse(signed, code) : reject('signature_invalid');
  }

  private areValid(signatures: readonly VerifyJob[]): Promise<boolean> {
    return this.dependencies.crypto.verifyAll(signatures);
  }

  /** Stores a final refusal. If the id has an outcome already, that one is the answer. */
  private async refuse(signed: SignedCommand, code: string): Promise<Answered | Rejected> {
    const answer = signAnswer({ ...headOf(signed), refused: { code } }, this.dependencies.crypto.eventSigner);
    const outcome = { kind: 'refused', commandId: signed.body.id, bodyHash: signed.bodyHash, answer } as const;
    const stored = await this.dependencies.store.refuse(outcome);
    return this.repeated(
      signed,
      stored,
      stored.answer !== answer && base64Encode(stored.answer) !== base64Encode(answer),
    );
  }

  /** The answer to an id that has an outcome: the stored bytes if the body is the same, else a rejection. */
  private repeated(signed: SignedCommand, outcome: CommandOutcome, repeated = true): Answered | Rejected {
    if (!bytesEqual(outcome.bodyHash, signed.bodyHash)) return reject('command_id_reused');
    return answered(signed, outcome, { code: codeIn(outcome), repeated });
  }

  private acceptance(signed: SignedCommand) {
    const { v: _, ...head } = headOf(signed);
    return { ...head, publishBy: this.dependencies.publishBy() };
  }
}

function headOf({ body, bodyHash }: SignedCommand) {
  return { v: 1, log: body.log, command: body.id, bodyHash: base64Encode(bodyHash) } as const;
}

type SealKey = Uint8Array | 'erased' | undefined;

/** What tills wait for each other at most, while they are many: a tenth of what a sale may take. */
const TURN_MILLISECONDS = 5;

/** What a decision rests on: what this process has heard of, or what the store holds at this moment. */
interface Known {
  readonly streams: StreamSource;
  readonly latest: () => Promise<SignedCheckpoint>;
}

type Decided =
  | { readonly rejected: RejectionCode }
  | (({ readonly refused: string } | { readonly write: EventsToWrite }) & {
      readonly signatures: readonly VerifyJob[];
    });

interface Decision {
  readonly events: readonly DomainEvent[];
  readonly facts: GatheredFacts;
  readonly day: string;
}

/** A second party whom nobody knows is refused anyway; then the actor's signature is what makes the refusal his. */
function verifyJobsOf(signed: SignedCommand, signers: IdentifiedSigners): readonly VerifyJob[] {
  const message = pae(COMMAND_TYPE, signed.bodyBytes);
  return signed.sigs.flatMap(({ sig }, i) => {
    const publicKey = signers.publicKeys[i];
    return publicKey === undefined ? [] : [{ publicKey, message, signature: base64DecodeOrThrow(sig) }];
  });
}

function privateOf(event: DomainEvent): Readonly<Record<string, JsonValue>> | undefined {
  return event.private as Readonly<Record<string, JsonValue>> | undefined;
}
