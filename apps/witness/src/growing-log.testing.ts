import { nodeSha256, sodiumSigner } from '@aidtrail/crypto-node';
import { utf8Encode } from '@aidtrail/envelope';
import {
  assembleProof,
  createNoteSigner,
  createTreeHasher,
  formatAddCheckpoint,
  formatVkey,
  nodeReaderOf,
  planConsistency,
  rootOf,
  signCheckpoint,
  TileBuilder,
  tilePath,
  type NoteSigner,
} from '@aidtrail/public-log';

const hasher = createTreeHasher(nodeSha256);

/** A log in memory that signs what it is told to: one that behaves, or its evil twin with other leaves and the same key. */
export class GrowingLog {
  readonly signer: NoteSigner;
  readonly leaves: Uint8Array[] = [];

  constructor(
    readonly origin = 'log.example/relief',
    private readonly words = 'event',
    seed = 7,
  ) {
    this.signer = createNoteSigner(origin, sodiumSigner(new Uint8Array(32).fill(seed)));
  }

  get vkey(): string {
    return formatVkey(this.signer.key);
  }

  entry(index: number): Uint8Array {
    return utf8Encode(`${this.words} ${index}`);
  }

  root(size: number): Uint8Array {
    return rootOf(this.hashes(size), hasher);
  }

  checkpoint(size: number): string {
    return signCheckpoint({ origin: this.origin, size, root: this.root(size) }, this.signer);
  }

  proof(from: number, to: number): readonly Uint8Array[] {
    if (from === 0) return [];
    return assembleProof(planConsistency({ from, to }), nodeReaderOf(this.hashes(to), hasher), hasher);
  }

  /** The body of `add-checkpoint` as an honest log sends it. */
  request(oldSize: number, size: number): string {
    return formatAddCheckpoint({ oldSize, proof: this.proof(oldSize, size), checkpoint: this.checkpoint(size) });
  }

  private hashes(size: number): readonly Uint8Array[] {
    while (this.leaves.length < size) this.leaves.push(hasher.leafHash(this.entry(this.leaves.length)));
    return this.leaves.slice(0, size);
  }
}

/** The tiles of a log up to a size, by path, as a web server would give them. */
export function tilesOf(log: GrowingLog, size: number): Map<string, Uint8Array> {
  const builder = new TileBuilder(hasher);
  for (let i = 0; i < size; i += 1) builder.append(log.entry(i));
  return new Map([...builder.takeFull(), ...builder.partials()].map(({ id, bytes }) => [tilePath(id), bytes]));
}
