import { createHash } from 'node:crypto';
import {
  nodeHmacSha256,
  nodeSha1,
  nodeSha256,
  openSealedOrThrow,
  sealDisclosures,
  sodiumSigner,
  sodiumVerifier,
} from '@aidtrail/crypto-node';
import {
  base64Encode,
  makePrivateFields,
  parseAnswerOrThrow,
  prepareAcceptance,
  prepareLeaf,
  signCommand,
  utf8DecodeOrThrow,
  type JsonObject,
  type JsonValue,
  type LeafTools,
  type SignedCommand,
  type Signer,
  type VerifyJob,
} from '@aidtrail/envelope';
import { createMemoryEventStore, type EventStore, type StoredEvent } from '@aidtrail/event-store';
import {
  createLedger,
  createMemoryCheckpointStore,
  createMemoryPolicyMemory,
  streamKeyOf,
  type Answered,
  type CheckpointStore,
  type CommandResult,
  type Ledger,
  type LedgerCrypto,
  type LedgerObserver,
  type PolicyMemory,
  type SealKeys,
} from '@aidtrail/ledger';
import { createNoteSigner, createTreeHasher, formatVkey, type NoteSigner } from '@aidtrail/public-log';
import { systemEntropy, type Entropy } from './entropy.js';
import { createMemoryRegisters, type MemoryRegisters } from './memory-registers.js';

/** A ledger in memory with its roots, for specs: everything is real but the database and the registers of people. */
export interface LedgerHarness {
  readonly origin: string;
  readonly ledger: Ledger;
  readonly store: EventStore;
  readonly registers: MemoryRegisters;
  readonly roots: readonly [Signer, Signer];
  readonly eventSigner: Signer;
  readonly entropy: Entropy;
  /** Builds and signs a command, anchored to the newest checkpoint unless told otherwise. */
  sign(command: TestCommand, signers: readonly Signer[]): Promise<SignedCommand>;
  /** Signs and hands in. */
  submit(command: TestCommand, signers: readonly Signer[]): Promise<CommandResult>;
  /** Hands in and throws unless it is accepted; resolves to the event's id. */
  accept(command: TestCommand, signers: readonly Signer[]): Promise<string>;
  /** Hands in and resolves to the code of the refusal or rejection; throws if it is accepted. */
  refuse(command: TestCommand, signers: readonly Signer[]): Promise<string>;
  /** An event's disclosures, the command's and the ledger's, as the ledger itself can open them. */
  disclosuresOf(event: StoredEvent): Promise<readonly string[]>;
  /** Enrols a key and has it approved, by the two roots. */
  enroll(role: string, options?: { readonly officer?: string; readonly private?: JsonObject }): Promise<Signer>;
}

export interface TestCommand {
  readonly type: string;
  readonly id?: string;
  readonly data: JsonObject;
  readonly private?: Readonly<Record<string, JsonValue>>;
  readonly log?: string;
  readonly anchor?: { readonly size: number; readonly root: string };
}

export interface HarnessOptions {
  /** Wraps the store, to inject faults. */
  readonly wrapStore?: (store: EventStore) => EventStore;
  /** Shares the data of another harness: a second process on the same store. */
  readonly beside?: LedgerHarness & HarnessInternals;
  readonly clock?: () => number;
  /** Ids, keys and salts; seeded ones make two runs comparable. */
  readonly entropy?: Entropy;
  /** Wraps what the policies remember, to inject faults. */
  readonly wrapMemory?: (memory: PolicyMemory) => PolicyMemory;
  readonly observer?: LedgerObserver;
  /** Whether it opens as a demo, whose days go as they like; it does unless told otherwise. */
  readonly isDemo?: boolean;
  /** How many rows the policies handle at a time. */
  readonly rowsAtATime?: number;
}

/** What a second process beside this one shares with it. */
export interface HarnessInternals {
  readonly plainStore: EventStore;
  readonly checkpoints: CheckpointStore;
  readonly memory: PolicyMemory;
  readonly ledgerSecret: Uint8Array;
  readonly noteSigner: NoteSigner;
}

const ORIGIN = 'ledger.example/test';

/** Opens a ledger (leaf 0) on an empty store, or a second process beside another. */
export async function createLedgerHarness(options: HarnessOptions = {}): Promise<LedgerHarness & HarnessInternals> {
  const { beside } = options;
  const shared = beside === undefined ? newInternals(options.entropy ?? systemEntropy) : internalsOf(beside);
  const { plainStore, checkpoints, memory, registers, ledgerSecret, eventSigner, noteSigner, roots } = shared;
  const store = options.wrapStore?.(plainStore) ?? plainStore;
  const sealKeys = registers.sealKeys((stream) => streamKeyOf(ledgerSecret, stream, nodeHmacSha256));
  const ledger = createLedger({
    origin: ORIGIN,
    store,
    checkpoints,
    memory: options.wrapMemory?.(memory) ?? memory,
    crypto: inlineCrypto(eventSigner),
    people: registers.people,
    donors: registers.donors,
    sealKeys,
    ledgerSecret,
    checkpointSigner: noteSigner,
    clock: options.clock ?? (() => Date.UTC(2026, 5, 1)),
    slotMilliseconds: 1000,
    utcOffsetMinutes: 480,
    k: 10,
    ...(options.observer === undefined ? {} : { observer: options.observer }),
    ...(options.rowsAtATime === undefined ? {} : { rowsAtATime: options.rowsAtATime }),
  });
  const harness = { ...shared, origin: ORIGIN, ledger, store, disclosuresOf: openerOf(sealKeys) };
  const complete = { ...harness, ...actions(harness) };
  if (beside === undefined) {
    const data = openingOf({
      roots,
      eventSigner,
      checkpointVkey: formatVkey(noteSigner.key),
      isDemo: options.isDemo ?? true,
    });
    await complete.accept({ type: 'OpenLedger', data }, roots);
  }
  return complete;
}

type Shared = HarnessInternals & Pick<LedgerHarness, 'registers' | 'roots' | 'eventSigner' | 'entropy'>;

function newInternals(entropy: Entropy): Shared {
  return {
    plainStore: createMemoryEventStore(),
    checkpoints: createMemoryCheckpointStore(),
    memory: createMemoryPolicyMemory(),
    registers: createMemoryRegisters(entropy),
    ledgerSecret: entropy.bytes(32),
    eventSigner: newSigner(entropy),
    noteSigner: createNoteSigner(ORIGIN, newSigner(entropy)),
    roots: [newSigner(entropy), newSigner(entropy)],
    entropy,
  };
}

function internalsOf(beside: Shared): Shared {
  const { plainStore, checkpoints, memory, registers, ledgerSecret, eventSigner, noteSigner, roots, entropy } = beside;
  return { plainStore, checkpoints, memory, registers, ledgerSecret, eventSigner, noteSigner, roots, entropy };
}

export function newSigner(entropy: Entropy = systemEntropy): Signer {
  return sodiumSigner(entropy.bytes(32));
}

export function publicKeyOf(signer: Signer): string {
  return base64Encode(signer.publicKey);
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

function actions(harness: Pick<LedgerHarness, 'origin' | 'ledger' | 'roots' | 'entropy'>) {
  const sign: LedgerHarness['sign'] = async (command, signers) => {
    const { size, root } = await harness.ledger.latestCheckpoint();
    const hidden =
      Object.keys(command.private ?? {}).length === 0
        ? undefined
        : makePrivateFields({
            fields: command.private ?? {},
            randomBytes: (length) => harness.entropy.bytes(length),
          });
    return signCommand({
      body: {
        v: 1,
        log: command.log ?? harness.origin,
        type: command.type,
        id: command.id ?? harness.entropy.uuid(),
        key: (signers[0] as Signer).keyId,
        anchor: command.anchor ?? { size, root },
        data: command.data,
        ...(hidden === undefined ? {} : { _sd: hidden._sd }),
      },
      signers,
      ...(hidden === undefined ? {} : { disclosures: hidden.disclosures }),
    });
  };
  const submit: LedgerHarness['submit'] = async (command, signers) =>
    harness.ledger.handle(await sign(command, signers));
  const accept: LedgerHarness['accept'] = async (command, signers) => {
    const result = await submit(command, signers);
    if (result.kind === 'accepted') return acceptedEvent(result);
    throw new Error(`${command.type} was not accepted: ${codeOf(result)}`);
  };
  const refuse: LedgerHarness['refuse'] = async (command, signers) => {
    const result = await submit(command, signers);
    if (result.kind === 'accepted') throw new Error(`${command.type} was accepted.`);
    return codeOf(result);
  };
  const enroll: LedgerHarness['enroll'] = async (role, options = {}) => {
    const signer = newSigner(harness.entropy);
    const officer = options.officer === undefined ? {} : { officer: options.officer };
    await accept(
      { type: 'EnrollKey', data: { publicKey: publicKeyOf(signer), role, ...officer }, private: options.private ?? {} },
      [harness.roots[0]],
    );
    await accept({ type: 'ApproveKey', data: { key: signer.keyId } }, [harness.roots[1]]);
    return signer;
  };
  return { sign, submit, accept, refuse, enroll };
}

function openerOf(sealKeys: SealKeys): LedgerHarness['disclosuresOf'] {
  return async ({ id, stream, sealed }) => {
    const key = (await sealKeys.keysOf([stream])).get(stream);
    if (sealed === undefined || key === undefined || key === 'erased') return [];
    return JSON.parse(utf8DecodeOrThrow(openSealedOrThrow(key, id, sealed))) as string[];
  };
}

function codeOf(result: CommandResult): string {
  if (result.kind === 'rejected')
    return result.detail === undefined ? result.code : `${result.code} (${result.detail})`;
  return result.code;
}

/** The id of the (first) event that an accepted command brought about. */
export function acceptedEvent({ answerBytes }: Answered): string {
  const { body } = parseAnswerOrThrow(answerBytes);
  if ('accepted' in body) return body.accepted.event;
  throw new Error('The answer is a refusal.');
}

function openingOf(parts: {
  readonly roots: readonly Signer[];
  readonly eventSigner: Signer;
  readonly checkpointVkey: string;
  readonly isDemo: boolean;
}): JsonObject {
  return {
    origin: ORIGIN,
    roots: parts.roots.map((root, i) => ({ officer: `root-${i + 1}`, publicKey: publicKeyOf(root) })),
    eventKey: publicKeyOf(parts.eventSigner),
    checkpointVkey: parts.checkpointVkey,
    utcOffsetMinutes: 480,
    currency: 'CNY',
    openingDay: '2026-06-01',
    k: 10,
    ...(parts.isDemo ? { demo: true } : {}),
  };
}

/** The ledger's crypto on this thread; the worker pool has specs of its own. */
export function inlineCrypto(eventSigner: Signer): LedgerCrypto {
  const areValid = (jobs: readonly VerifyJob[]): boolean => jobs.every((job) => sodiumVerifier.verify(job));
  const tools: LeafTools = { signer: eventSigner, seal: sealDisclosures, sha256: nodeSha256, hmac: nodeHmacSha256 };
  return {
    eventSigner,
    verifyAll: (jobs) => Promise.resolve(areValid(jobs)),
    acceptIfSigned: (signatures, job) =>
      Promise.resolve(areValid(signatures) ? prepareAcceptance(job, tools) : undefined),
    prepareLeaf: (job) => prepareLeaf(job, tools),
    prepareLeaves: (jobs) => Promise.resolve(jobs.map((job) => prepareLeaf(job, tools))),
    sha256: nodeSha256,
    hmacSha256: nodeHmacSha256,
    sha1: nodeSha1,
    openSealed: openSealedOrThrow,
  };
}

export const treeHasher = createTreeHasher(nodeSha256);
