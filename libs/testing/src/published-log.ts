import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { nodeSha256, sodiumSigner } from '@aidtrail/crypto-node';
import {
  base64Encode,
  canonicalBytes,
  parseLeafOrThrow,
  signBody,
  EVENT_TYPE,
  type LeafContent,
  type Signer,
} from '@aidtrail/envelope';
import {
  createCosigner,
  createNoteSigner,
  createTreeHasher,
  formatNote,
  formatSignatureLine,
  formatVkey,
  parseNoteOrThrow,
  signCheckpoint,
  TileBuilder,
  tilePath,
} from '@aidtrail/public-log';

/** A log as it is published, made of any leaves by whoever has the log's key: what a malicious operator could show. */
export interface PublishedLog {
  /** Content by path below the log's prefix. Specs may change it. */
  readonly files: Map<string, Uint8Array>;
  /** The policy of an auditor: this log, its witnesses, all of them wanted, and the hash of leaf 0. */
  readonly policy: string;
  /** The newest checkpoint's note. */
  readonly checkpoint: string;
}

export interface PublishOptions {
  readonly origin: string;
  /** The log's key; a fixed one unless given, the same for every log of specs. */
  readonly signer?: Signer;
  /** Cosign the newest checkpoint; none unless given. */
  readonly witnesses?: readonly WitnessForSpecs[];
  /** Size that the witnesses cosigned last; the whole log unless given. */
  readonly witnessedSize?: number;
}

export interface WitnessForSpecs {
  readonly name: string;
  readonly signer: Signer;
  readonly url?: string;
}

const hasher = createTreeHasher(nodeSha256);
const fixedSigner = (number: number): Signer => sodiumSigner(new Uint8Array(32).fill(number));
const COSIGNED_AT = 1_780_000_000;

/** The log key of `publishLog` unless another is given. */
export const logSignerForSpecs = fixedSigner(7);

/** Their addresses can be somebody else's; nothing answers there. */
export function witnessesForSpecs(count: number): readonly (WitnessForSpecs & { readonly url: string })[] {
  return Array.from({ length: count }, (_, i) => ({
    name: `witness-${i + 1}`,
    signer: fixedSigner(100 + i),
    url: `https://witness-${i + 1}.example.org/`,
  }));
}

/** Entries of at most 65,535 bytes, of any content. */
export function publishLog(leaves: readonly Uint8Array[], options: PublishOptions): PublishedLog {
  const { origin, signer = logSignerForSpecs, witnesses = [], witnessedSize = leaves.length } = options;
  const noteSigner = createNoteSigner(origin, signer);
  const files = new Map<string, Uint8Array>();
  const builder = new TileBuilder(hasher);
  let witnessed = '';
  const cosigned = (note: string): string => cosign(note, witnesses);
  const sign = (): string => signCheckpoint({ origin, size: builder.size, root: builder.root() }, noteSigner);
  if (witnessedSize === 0) witnessed = cosigned(sign());
  for (const leaf of leaves) {
    builder.append(leaf);
    if (builder.size === witnessedSize) witnessed = cosigned(sign());
  }
  for (const { id, bytes } of [...builder.takeFull(), ...builder.partials()]) files.set(tilePath(id), bytes);
  const checkpoint = witnessedSize === leaves.length ? witnessed : sign();
  files.set('checkpoint', new TextEncoder().encode(checkpoint));
  if (witnesses.length > 0) files.set('witnessed-checkpoint', new TextEncoder().encode(witnessed));
  const policy = policyText({ vkey: formatVkey(noteSigner.key), witnesses, opening: leaves[0] });
  return { files, policy, checkpoint };
}

/** The leaf with something else in it, signed again by the ledger's event key as if it had been so from the start. */
export function resignLeaf(leaf: Uint8Array, change: Partial<LeafContent>, eventSigner: Signer): Uint8Array {
  const { sig: _, ...content } = parseLeafOrThrow(leaf);
  const changed = { ...content, ...change };
  const { key, sig } = signBody(EVENT_TYPE, canonicalBytes(changed), eventSigner);
  return canonicalBytes({ ...changed, sig: { key, sig } });
}

/** The note with a cosignature of each witness, at a fixed time. */
export function cosign(note: string, witnesses: readonly WitnessForSpecs[]): string {
  const { text } = parseNoteOrThrow(note);
  const lines = witnesses.map(({ name, signer }) =>
    formatSignatureLine(createCosigner(name, signer).cosign(text, COSIGNED_AT)),
  );
  return formatNote(parseNoteOrThrow(note + lines.join('')));
}

function policyText(of: {
  readonly vkey: string;
  readonly witnesses: readonly WitnessForSpecs[];
  readonly opening: Uint8Array | undefined;
}): string {
  const { vkey, witnesses, opening } = of;
  const lines = [`log ${vkey}`];
  for (const { name, signer, url } of witnesses) {
    const key = formatVkey(createCosigner(name, signer).key);
    lines.push(`witness ${name} ${key}${url === undefined ? '' : ` ${url}`}`);
  }
  const names = witnesses.map(({ name }) => name);
  if (names.length > 0) lines.push(`group all all ${names.join(' ')}`);
  lines.push(names.length > 0 ? 'quorum all' : 'quorum none');
  if (opening !== undefined) lines.push(`# aidtrail-leaf0 ${base64Encode(hasher.leafHash(opening))}`);
  return `${lines.join('\n')}\n`;
}

/** Writes `log/` and `log-policy.txt` below a folder; resolves to their paths. */
export async function writePublishedLog(
  directory: string,
  { files, policy }: Pick<PublishedLog, 'files' | 'policy'>,
): Promise<{ readonly log: string; readonly policy: string }> {
  const log = join(directory, 'log');
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(log, path)), { recursive: true });
    await writeFile(join(log, path), bytes);
  }
  const policyFile = join(directory, 'log-policy.txt');
  await writeFile(policyFile, policy);
  return { log, policy: policyFile };
}
