import {
  base64DecodeOrThrow,
  base64Encode,
  bytesEqual,
  COMMAND_TYPE,
  embedCommand,
  pae,
  parseAnswerOrThrow,
  signAnswer,
  uuidV5,
  type AcceptedAnswer,
  type JsonValue,
  type RefusedAnswer,
  type Sha256,
  type SignedCommand,
  type VerifyJob,
} from '@aidtrail/envelope';
import { commandConcept, isRefusal, parseCommandOrProblem, type AnyCommand, type DomainEvent } from '@aidtrail/domain';
import type { CommandOutcome, EventStore } from '@aidtrail/event-store';
import { giveWay, MAX_ATTEMPTS } from '../contention.js';
import { contextOf } from '../context.js';
import { KeyedMutex } from '../keyed-mutex.js';
import type { CheckpointLookup, LedgerCrypto, LedgerObserver, SealKeys } from '../ports.js';
import type { FoldedStream, Streams } from '../streams.js';
import { leafJobsOf, recordedEvents, writeEvents, type EventsToWrite } from '../write.js';
import { checkAnchor } from './anchor.js';
import { gatherFacts, ownPrivateFields, type GatheredFacts, type ResolveStream } from './facts.js';
import type { Answered, CommandResult, Rejected, RejectionCode } from './results.js';
import { identifySigners, type IdentifiedSigners } from './signers.js';

export interface PipelineDependencies {
  readonly origin: string;
  readonly store: EventStore;
  readonly streams: Streams;
  readonly sealKeys: SealKeys;
  readonly crypto: LedgerCrypto;
  readonly checkpoints: CheckpointLookup;
  readonly resolve: ResolveStream;
  /** Until when an event that is appended now is published, RFC 3339. */
  readonly publishBy: () => string;
  readonly observer?: LedgerObserver;
}

/**
 * The write path: load, identify, verify, decide, sign, append; on a version conflict load and decide again. A refusal
 * is a value. The answer is signed before the append and stored with the events, so that whoever asks again, in any
 * process, gets the same bytes.
 */
export class CommandPipeline {
  private readonly mutex = new KeyedMutex();

  private readonly signerTools: { readonly streams: Streams; readonly sha256: Sha256 };

  constructor(private readonly dependencies: PipelineDependencies) {
    this.signerTools = { streams: dependencies.streams, sha256: dependencies.crypto.sha256 };
  }

  async handle(signed: SignedCommand): Promise<CommandResult> {
    const result = await this.admit(signed);
    this.dependencies.observer?.commandAnswered?.(signed.body.type, result.kind, codeOf(result));
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
    let verified = false;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      if (attempt > 0) await giveWay(attempt);
      const target =
        attempt === 0 ? await this.dependencies.streams.load(stream) : await this.dependencies.streams.reload(stream);
      const signers = await identifySigners(this.signerTools, signed, command, target);
      if ('rejected' in signers) return reject(signers.rejected);
      if (!verified && !(await this.dependencies.crypto.verifyAll(verifyJobsOf(signed, signers)))) {
        return reject('signature_invalid');
      }
      verified = true;
      const decision = await this.decide(signed, command, target, signers);
      if ('refused' in decision) return this.refuse(signed, decision.refused);
      if (signers.publicKeys.includes(undefined)) return this.refuse(signed, 'holder_key_wrong');
      const result = await this.write(signed, disclosed, target, decision);
      if (result !== 'conflict') return result;
    }
    throw new Error('A stream stayed contended for too long; the command was not stored. Try again with the same id.');
  }

  private async decide(
    signed: SignedCommand,
    command: AnyCommand,
    target: FoldedStream,
    signers: IdentifiedSigners,
  ): Promise<Decision | { readonly refused: string }> {
    if ('refused' in signers) return signers;
    const { streams, checkpoints, resolve } = this.dependencies;
    const [latest, ledger, calendar] = await Promise.all([
      checkpoints.latest(),
      streams.load('ledger-main'),
      streams.load('calendar-main'),
    ]);
    const { previousPosition } = calendar.state as { readonly previousPosition?: number };
    const anchored = await checkAnchor(signed.body.anchor, previousPosition, checkpoints);
    if (anchored !== undefined) return { refused: anchored };
    const concept = commandConcept(command.type);
    if (concept === undefined) throw new Error('The command lost its concept.');
    const context = contextOf({ ledger, calendar, signers: signers.views, treeSize: latest.size });
    // Before leaf 0 there is no state that knows the day: it is the one that leaf 0 opens with.
    const day = command.type === 'OpenLedger' ? command.data.openingDay : context.day;
    const facts = await gatherFacts((have) => concept.needs(command, target.state, have), streams, {
      always: signers.facts,
      resolve,
    });
    const made = concept.decider.decide(command, target.state, { context, ...facts.byName });
    if (isRefusal(made)) return { refused: made.refused };
    return { events: made, facts, day };
  }

  private async write(
    signed: SignedCommand,
    disclosed: Readonly<Record<string, JsonValue>>,
    target: FoldedStream,
    decision: Decision,
  ): Promise<Answered | Rejected | 'conflict'> {
    const { crypto, origin, store, streams, observer } = this.dependencies;
    if (decision.events.length === 0) return this.refuse(signed, 'already_done');
    const write = await this.eventsToWrite(signed, disclosed, target, decision);
    if (write === 'erased') return this.refuse(signed, 'subject_erased');
    const jobs = leafJobsOf(origin, write, crypto);
    const leaves = jobs.map((job) => crypto.prepareLeaf(job));
    const ids = jobs.map((job) => job.id);
    const command = this.acceptance(signed, ids[0] as string, leaves[0]?.leafHash as Uint8Array);
    const [outcome] = await writeEvents(store, [
      { stream: target.stream, expectedVersion: target.version, ids, leaves, command },
    ]);
    switch (outcome?.status) {
      case 'appended':
        streams.applied(target, recordedEvents(write, ids, outcome.firstPosition, disclosed));
        observer?.eventsAppended?.(ids.length, outcome.firstPosition + ids.length - 1);
        return answered(signed, command, false);
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
    disclosed: Readonly<Record<string, JsonValue>>,
    target: FoldedStream,
    decision: Decision,
  ): Promise<EventsToWrite | 'erased'> {
    const { events, facts, day } = decision;
    const privateFields = events.map((event, j) =>
      ownPrivateFields(privateOf(event), j === 0 ? disclosed : {}, j === 0 ? facts.identifying : []),
    );
    const isPrivate = signed.disclosures.length > 0 || privateFields.some((fields) => fields !== undefined);
    const sealKey = isPrivate
      ? (await this.dependencies.sealKeys.keysOf([target.stream])).get(target.stream)
      : undefined;
    if (sealKey === 'erased') return 'erased';
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

  /** Stores a final refusal. If the id has an outcome already, that one is the answer. */
  private async refuse(signed: SignedCommand, code: string): Promise<Answered | Rejected> {
    const answer = this.sign(signed, { refused: { code } });
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
    return answered(signed, outcome, repeated);
  }

  private acceptance(signed: SignedCommand, eventId: string, leafHash: Uint8Array) {
    const accepted = { leafHash: base64Encode(leafHash), event: eventId, publishBy: this.dependencies.publishBy() };
    const answer = this.sign(signed, { accepted });
    return { kind: 'accepted', commandId: signed.body.id, bodyHash: signed.bodyHash, answer } as const;
  }

  private sign(signed: SignedCommand, outcome: SignedOutcome): Uint8Array {
    const head = {
      v: 1,
      log: signed.body.log,
      command: signed.body.id,
      bodyHash: base64Encode(signed.bodyHash),
    } as const;
    return signAnswer({ ...head, ...outcome }, this.dependencies.crypto.eventSigner);
  }
}

type SignedOutcome = Pick<AcceptedAnswer, 'accepted'> | Pick<RefusedAnswer, 'refused'>;

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

function answered(signed: SignedCommand, outcome: CommandOutcome, repeated: boolean): Answered {
  return {
    kind: outcome.kind,
    commandId: outcome.commandId,
    commandType: signed.body.type,
    answer: parseAnswerOrThrow(outcome.answer),
    answerBytes: outcome.answer,
    repeated,
  };
}

function reject(code: RejectionCode, detail?: string): Rejected {
  return { kind: 'rejected', code, ...(detail === undefined ? {} : { detail }) };
}

function codeOf(result: CommandResult): string {
  if (result.kind === 'rejected') return result.code;
  return 'refused' in result.answer.body ? result.answer.body.refused.code : 'accepted';
}
