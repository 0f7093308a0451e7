import { base64DecodeOrThrow, base64Encode, bytesEqual, type Ed25519Verifier, type Sha256 } from '@aidtrail/envelope';
import type { LogPolicy, TreeHasher } from '@aidtrail/public-log';
import type { Report } from '../findings/finding.js';
import type { AnchorClaim } from '../rules/anchors.js';
import type { AuditedTree } from './audited-tree.js';
import type { EntryHashing } from './entry-hashing.js';
import type { FraudProof } from './fraud/fraud-proof.js';
import { openLogCheckpoint, type LogCheckpoint } from './log-checkpoint.js';
import { MAX_NOTE_BYTES, type LogFiles } from './log-files.js';
import { PublishedTiles } from './published-tiles.js';
import { auditTree, type EntryReader } from './tree-audit.js';

/** Reads the entries, and knows afterwards which checkpoints they name. */
export interface LedgerReader extends EntryReader {
  anchors(): Iterable<AnchorClaim>;
}

export interface LogAuditOptions {
  readonly policy: LogPolicy;
  readonly verifier: Ed25519Verifier;
  readonly hasher: TreeHasher;
  readonly sha256: Sha256;
  readonly hashing: EntryHashing;
  readonly report: Report;
  /** Leaf hash of entry 0, as the policy pins it. */
  readonly openingHash?: Uint8Array;
  /** A checkpoint that an earlier audit has seen. */
  readonly earlier?: LogCheckpoint;
  /** Left out: nothing but files, hashes and checkpoints is looked at. */
  readonly reader?: LedgerReader;
  readonly ahead?: number;
  readonly onProgress?: (entries: number, size: number) => void;
}

/** What was looked at, beside the findings. */
export interface LogAuditOutcome {
  /** The checkpoint under which everything was checked; undefined if none is signed. */
  readonly checkpoint: LogCheckpoint | undefined;
  /** The newest one that the policy's quorum has cosigned. */
  readonly witnessed: LogCheckpoint | undefined;
  /** Whether the root rebuilt from the entries is that of the checkpoint. */
  readonly hasRoot: boolean;
  readonly tree: AuditedTree | undefined;
  readonly tiles: PublishedTiles;
  /** Entries that were read. */
  readonly entries: number;
  /** Entries whose rules were looked at: less than `entries` after one that cannot be read. */
  readonly taken: number;
  readonly anchors: number;
  /** Portable evidence for findings about checkpoints. */
  readonly fraud: readonly FraudProof[];
}

const DEFAULT_AHEAD = 4;

/**
 * Untrusted: `files`. Audits a published log from its checkpoints down to each byte of its entries, and reports all that it
 * finds. Rejects only with what `files` or the reader reject with, and with LogChanged.
 */
export async function auditLog(files: LogFiles, options: LogAuditOptions): Promise<LogAuditOutcome> {
  const { report, onProgress } = options;
  // A log may grow meanwhile: what is read later is never the smaller one, unless the log itself says so.
  const published = await readCheckpoint(files, 'witnessed-checkpoint', options);
  const newest = await readCheckpoint(files, 'checkpoint', options);
  const witnessed = newestWitnessed([newest, published], options);
  const tiles = new PublishedTiles(files, report);
  const checkpoint = newest ?? published;
  const nothing = { checkpoint, witnessed, tiles, hasRoot: false, tree: undefined, entries: 0, taken: 0 };
  if (checkpoint === undefined) return { ...nothing, anchors: 0, fraud: [] };
  const { size, root } = checkpoint.checkpoint;
  const { ahead = DEFAULT_AHEAD, reader, openingHash, hasher, hashing } = options;
  if (size === 0 && openingHash !== undefined) report({ code: 'opening_missing', expected: base64Encode(openingHash) });
  const { tree, entries, taken } = await auditTree({
    ...{ tiles, size, hasher, hashing, report, ahead },
    ...(reader === undefined ? {} : { reader }),
    ...(openingHash === undefined ? {} : { openingHash }),
    onProgress: (done) => onProgress?.(done, size),
  });
  const hasRoot = tree.size === size && bytesEqual(tree.root(), root);
  if (!hasRoot && tree.size === size)
    report({
      code: 'root_differs',
      subject: `${size}`,
      expected: base64Encode(root),
      actual: base64Encode(tree.root()),
    });
  const history = new History(checkpoint, hasRoot ? tree : undefined, report);
  for (const [other, from] of [
    [published, 'witnessed-checkpoint'],
    [options.earlier, 'an earlier audit'],
  ] as const)
    if (other !== undefined && other !== checkpoint) await history.require(other, from);
  const anchors = reader === undefined ? 0 : await checkAnchors(reader.anchors(), { tree, size, report });
  return { checkpoint, witnessed, hasRoot, tree, tiles, entries, taken, anchors, fraud: history.fraud };
}

async function readCheckpoint(
  files: LogFiles,
  path: 'checkpoint' | 'witnessed-checkpoint',
  { policy, verifier, report }: LogAuditOptions,
): Promise<LogCheckpoint | undefined> {
  const file = await files.read(path, MAX_NOTE_BYTES);
  if (file === 'too_large')
    report({ code: 'file_too_large', subject: path, expected: `at most ${MAX_NOTE_BYTES} bytes` });
  if (file === undefined && path === 'checkpoint') report({ code: 'checkpoint_missing', subject: path });
  if (!(file instanceof Uint8Array)) return undefined;
  const opened = openLogCheckpoint(file, policy, verifier);
  if (typeof opened === 'string') {
    report({ code: opened, subject: path });
    return undefined;
  }
  for (const witness of opened.forged) report({ code: 'cosignature_invalid', subject: `${path}: ${witness}` });
  if (path === 'witnessed-checkpoint' && !opened.meetsQuorum) report({ code: 'quorum_not_met', subject: path });
  return opened;
}

function newestWitnessed(
  checkpoints: readonly (LogCheckpoint | undefined)[],
  { policy, report }: LogAuditOptions,
): LogCheckpoint | undefined {
  if (policy.quorum.kind === 'none') return undefined;
  const [newest] = checkpoints
    .filter((one) => one?.meetsQuorum === true)
    .sort((a, b) => (b?.checkpoint.size ?? 0) - (a?.checkpoint.size ?? 0));
  if (newest === undefined) report({ code: 'not_witnessed' });
  return newest;
}

/** Holds other checkpoints of the log against the one that was audited. */
class History {
  readonly fraud: FraudProof[] = [];

  constructor(
    private readonly audited: LogCheckpoint,
    /** The tree, if it is that of the audited checkpoint: only then it is the log's own word. */
    private readonly tree: AuditedTree | undefined,
    private readonly report: Report,
  ) {}

  async require(other: LogCheckpoint, from: string): Promise<void> {
    const { size, root } = other.checkpoint;
    const { audited, tree } = this;
    if (size > audited.checkpoint.size) {
      this.report({ code: 'checkpoint_rolled_back', subject: from, expected: size, actual: audited.checkpoint.size });
      return;
    }
    if (size === audited.checkpoint.size) {
      if (bytesEqual(root, audited.checkpoint.root)) return;
      this.reportRewritten(from, root, audited.checkpoint.root);
      this.fraud.push({ kind: 'two_roots', first: other.note, second: audited.note });
      return;
    }
    if (tree === undefined || size === 0) return;
    const prefixRoot = await tree.proofs().rootAt(size);
    if (bytesEqual(prefixRoot, root)) return;
    this.reportRewritten(from, root, prefixRoot);
    const proof = (await tree.proofs().consistency(size)).map(base64Encode);
    const [older, newer] = [other.note, audited.note];
    this.fraud.push({ kind: 'history_rewritten', older, newer, prefixRoot: base64Encode(prefixRoot), proof });
  }

  private reportRewritten(subject: string, expected: Uint8Array, actual: Uint8Array): void {
    this.report({
      code: 'history_rewritten',
      subject,
      expected: base64Encode(expected),
      actual: base64Encode(actual),
    });
  }
}

/** The number of distinct checkpoints that commands name and that could be compared with the tree. */
async function checkAnchors(
  claims: Iterable<AnchorClaim>,
  { tree, size, report }: { readonly tree: AuditedTree; readonly size: number; readonly report: Report },
): Promise<number> {
  const proofs = tree.proofs();
  let compared = 0;
  // In the order of their sizes, neighbours come out of one tile.
  for (const { size: named, root, leaf } of [...claims].sort((a, b) => a.size - b.size)) {
    // That it is larger than its own place is the rules' finding.
    if (named > tree.size || named > size) continue;
    compared += 1;
    const actual = await proofs.rootAt(named);
    if (!bytesEqual(actual, base64DecodeOrThrow(root)))
      report({ code: 'anchor_differs', leaf, subject: `${named}`, expected: base64Encode(actual), actual: root });
  }
  return compared;
}
