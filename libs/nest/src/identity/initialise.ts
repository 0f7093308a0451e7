import { randomBytes, randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { sodiumSigner, sodiumVerifier, createKeyFile, nodeSha256, readKeyFileOrThrow } from '@aidtrail/crypto-node';
import { base64Encode } from '@aidtrail/envelope';
import { createTreeHasher, formatVkey, noteKeyOrThrow, type PolicyWitness } from '@aidtrail/public-log';
import { ConfigProblem, type Config } from '../config/config.js';
import type { Reproducible } from '../system/reproducible.js';
import { assembleSystem } from '../system/system.js';
import { writePolicy } from '../witnesses/policy-file.js';
import { makeFiguresKey } from './figures-key.js';
import { IdentityProblem, readLedgerFile, writeLedgerFile, type LedgerFile } from './ledger-file.js';
import { makeDirectory } from './make-directory.js';
import {
  draftOpening,
  isOpeningPending,
  openingCommandOrThrow,
  openingPath,
  readOpeningOrThrow,
  signOpening,
  termsOf,
  writeOpening,
  type OpeningDocument,
} from './opening.js';
import { createServerKeys, keyFilePath, markAsKnown, readServerKeysOrThrow, type ServerKeys } from './server-keys.js';

export interface InitialiseOptions {
  /** The log's name for ever, such as `ledger.foundation.example/relief`. */
  readonly origin: string;
  /** base64 of 32 bytes each, at least two. None: the server makes two itself, and the ledger says `demo`. */
  readonly roots: readonly string[];
  /** Offset of the ledger's local days from UTC. */
  readonly utcOffsetMinutes: number;
  /** Smallest number of vouchers in a published cell. */
  readonly k: number;
  readonly now: number;
  /** Whom the policy names; see `CompletionOptions`. */
  readonly witnesses?: readonly PolicyWitness[];
  /** Keys and ids from a seed, and an empty store to begin in; only without roots from outside. */
  readonly reproducible?: Reproducible;
}

export interface CompletionOptions {
  /** Witnesses of the log, with more than half of them as the quorum. None: nobody is asked, until the policy file says so. */
  readonly witnesses?: readonly PolicyWitness[];
  readonly reproducible?: Reproducible | undefined;
}

export type InitialiseResult =
  | { readonly status: 'opened'; readonly file: LedgerFile; readonly rootKeyFiles: readonly string[] }
  | { readonly status: 'signatures_needed'; readonly openingFile: string };

const DEMO_ROOTS = ['root-1', 'root-2'] as const;

/**
 * Makes the server's keys and leaf 0. Root keys come from outside, so with them it stops before leaf 0: every root has
 * to sign `opening.json` first. It may be repeated after a crash; a directory that has a ledger is refused.
 */
export async function initialise(config: Config, options: InitialiseOptions): Promise<InitialiseResult> {
  const { dataDirectory } = config;
  await requireNoLedger(dataDirectory);
  requireTermsOrThrow(options);
  if (options.reproducible !== undefined && options.roots.length > 0) {
    throw new ConfigProblem([
      'Keys from a seed are for demo ledgers, and a ledger whose roots sign elsewhere is none.',
    ]);
  }
  await makeDirectory(resolve(dataDirectory));
  const isPending = await isOpeningPending(dataDirectory);
  if (options.roots.length > 0) {
    if (isPending) throw pending(dataDirectory);
    const keys = await createServerKeys(dataDirectory, randomBytes);
    await makeFiguresKey(dataDirectory, randomBytes);
    const roots = options.roots.map((publicKey, i) => ({ officer: `root-${i + 1}`, publicKey }));
    await writeOpening(openingPath(dataDirectory), draft(options, { keys, roots, demo: false }));
    return { status: 'signatures_needed', openingFile: openingPath(dataDirectory) };
  }
  if (!isPending) await draftDemo(dataDirectory, options);
  const opening = await readOpeningOrThrow(openingPath(dataDirectory));
  const file = await completeOpening(config, opening, options);
  return { status: 'opened', file, rootKeyFiles: DEMO_ROOTS.map((name) => keyFilePath(dataDirectory, name)) };
}

/**
 * Appends leaf 0 from an opening that every root has signed, and writes `ledger.json`. Repeating it is harmless: the
 * command has one id, so the ledger opens once.
 */
export async function completeOpening(
  config: Config,
  opening: OpeningDocument,
  { witnesses = [], reproducible }: CompletionOptions = {},
): Promise<LedgerFile> {
  await requireNoLedger(config.dataDirectory);
  const command = openingCommandOrThrow(opening, sodiumVerifier);
  const keys = await readServerKeysOrThrow(config.dataDirectory);
  const file = fileOf(opening);
  if (file.eventKey !== base64Encode(keys.eventSigner.publicKey)) {
    throw new IdentityProblem('other_ledger', 'The opening was made for the keys of another data directory.');
  }
  const system = await assembleSystem(config, { file, keys }, { reproducible });
  try {
    if (reproducible !== undefined && (await system.store.head()) > 0) {
      throw new IdentityProblem(
        'other_ledger',
        'The store holds events: a ledger with keys from a seed needs an empty one.',
      );
    }
    const result = await system.ledger.handle(command);
    if (result.kind !== 'accepted') {
      throw new IdentityProblem(
        'other_ledger',
        `The ledger was not opened (${result.code}), and nothing was written: the store holds another one. Name an empty ` +
          'PostgreSQL or KurrentDB (DATABASE_URL, AIDTRAIL_STORE), and run this again.',
      );
    }
    await system.ledger.checkpoint({ force: true });
    const [leafZero] = await system.store.readStream('ledger-main');
    if (leafZero === undefined) throw new IdentityProblem('other_ledger', 'The store does not hold leaf 0.');
    const leafZeroHash = createTreeHasher(nodeSha256).leafHash(leafZero.bytes);
    await writePolicy(config.dataDirectory, { checkpointVkey: file.checkpointVkey, leafZeroHash }, witnesses);
  } finally {
    await system.close();
  }
  await writeLedgerFile(config.dataDirectory, file);
  return file;
}

async function draftDemo(dataDirectory: string, options: InitialiseOptions): Promise<void> {
  const source = options.reproducible?.bytesFor('keys') ?? randomBytes;
  const keys = await createServerKeys(dataDirectory, source);
  await makeFiguresKey(dataDirectory, source);
  if (options.reproducible !== undefined) await markAsKnown(dataDirectory);
  const signers = [];
  for (const name of DEMO_ROOTS) {
    const path = keyFilePath(dataDirectory, name);
    await createKeyFile(path, 'ed25519-seed', source(32));
    signers.push(sodiumSigner(await readKeyFileOrThrow(path, 'ed25519-seed')));
  }
  const roots = signers.map(({ publicKey }, i) => ({ officer: `root-${i + 1}`, publicKey: base64Encode(publicKey) }));
  const opening = signers.reduce(signOpening, draft(options, { keys, roots, demo: true }));
  await writeOpening(openingPath(dataDirectory), opening);
}

/** Drafts the opening with keys for nothing, so that a mistake in the options leaves no file behind. */
function requireTermsOrThrow(options: InitialiseOptions): void {
  const signer = sodiumSigner(randomBytes(32));
  const named = options.roots.map((publicKey, i) => ({ officer: `root-${i + 1}`, publicKey }));
  const others = DEMO_ROOTS.map((officer) => ({
    officer,
    publicKey: base64Encode(sodiumSigner(randomBytes(32)).publicKey),
  }));
  const roots = named.length > 0 ? named : others;
  draft(options, { keys: { eventSigner: signer, checkpointSigner: signer }, roots, demo: named.length === 0 });
}

function draft(
  options: InitialiseOptions,
  made: {
    readonly keys: Pick<ServerKeys, 'eventSigner' | 'checkpointSigner'>;
    readonly roots: LedgerFile['roots'];
    readonly demo: boolean;
  },
): OpeningDocument {
  const { origin, utcOffsetMinutes, k, now } = options;
  const terms = {
    origin,
    roots: made.roots,
    eventKey: base64Encode(made.keys.eventSigner.publicKey),
    checkpointVkey: formatVkey(noteKeyOrThrow(origin, made.keys.checkpointSigner.publicKey)),
    utcOffsetMinutes,
    currency: 'CNY',
    openingDay: new Date(now + utcOffsetMinutes * 60_000).toISOString().slice(0, 10),
    k,
    ...(made.demo ? { demo: true } : {}),
  };
  return draftOpening(terms, options.reproducible?.openingId ?? randomUUID());
}

function fileOf(opening: OpeningDocument): LedgerFile {
  const { origin, roots, eventKey, checkpointVkey, utcOffsetMinutes, k, demo } = termsOf(opening);
  return { origin, roots, eventKey, checkpointVkey, utcOffsetMinutes, k, demo: demo === true };
}

async function requireNoLedger(dataDirectory: string): Promise<void> {
  const file = await readLedgerFile(dataDirectory);
  if (file === undefined) return;
  throw new IdentityProblem('already_initialised', `${dataDirectory} already holds the ledger ${file.origin}.`);
}

function pending(dataDirectory: string): IdentityProblem {
  return new IdentityProblem(
    'opening_pending',
    `${openingPath(dataDirectory)} waits for signatures. Sign it with \`aidtrail keys sign-opening\`, then run ` +
      '`aidtrail init --complete` with it; or remove the directory to begin again.',
  );
}
