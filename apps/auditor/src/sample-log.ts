import { nodeSha256 } from '@aidtrail/crypto-node/built-in';
import { hexEncode, MalformedInput, viewLeafOrThrow } from '@aidtrail/envelope';
import { TILE_WIDTH } from '@aidtrail/public-log';
import {
  auditLog,
  drawSample,
  mostGhosts,
  sampleSeed,
  type Finding,
  type LedgerReader,
  type LogAuditOutcome,
} from '@aidtrail/verification';
import { CannotAudit } from './cannot-audit.js';
import { readPolicyFile } from './policy-file.js';
import { Findings } from './report/findings.js';
import { openSource } from './sources/open-source.js';
import { trustOf, type AuditMeans, type AuditOrder } from './run-audit.js';
import { WorkPool } from './work/work-pool.js';

export type SampleKind = keyof typeof eventTypes;

/** The event that stands for one of each kind. */
const eventTypes = {
  redemptions: 'VoucherRedeemed',
  vouchers: 'VoucherIssued',
  settlements: 'SettlementProposed',
} as const;

const CONFIDENCE = 0.95;

/** A sample of real things to look for in the world, as `--json` writes it. */
export interface Sample {
  readonly v: 1;
  readonly of: SampleKind;
  readonly origin: string;
  /** The checkpoint that the sample is drawn from, and whether witnesses had a say in its seed. */
  readonly checkpoint: { readonly size: number; readonly isWitnessed: boolean };
  /** Hexadecimal. */
  readonly seed: string;
  /** How many there are to draw from. */
  readonly population: number;
  readonly drawn: readonly { readonly leaf: number; readonly id: string; readonly stream: string }[];
  /** If none of those drawn is a ghost: so many of the population at most, with the confidence given. */
  readonly ifNoGhosts: { readonly most: number; readonly confidence: number };
  /** What is wrong with the files of the log; the sample is worth nothing then. */
  readonly findings: readonly Finding[];
}

/** Draws from the newest witnessed checkpoint, or from the newest one if none is. Rejects with CannotAudit. */
export async function drawFromLog(
  order: AuditOrder,
  of: { readonly size: number; readonly kind: SampleKind },
  means: AuditMeans,
): Promise<Sample> {
  const { policy, openingHash } = await readPolicyFile(order.policyFile);
  const source = await openSource(order.log, order.keep === undefined ? {} : { keep: order.keep });
  const pool = new WorkPool({ script: means.workerScript, onInvalid: () => undefined });
  try {
    const findings = new Findings();
    const places = new Places(eventTypes[of.kind]);
    const outcome = await auditLog(source, {
      ...trustOf(policy),
      ...{ hashing: pool, report: findings.report, ahead: source.ahead, reader: places },
      ...(openingHash === undefined ? {} : { openingHash }),
      ...(means.onProgress === undefined ? {} : { onProgress: means.onProgress }),
    });
    const checkpoint = outcome.witnessed ?? outcome.checkpoint;
    if (checkpoint === undefined) throw new CannotAudit('The log has no signed checkpoint to draw from.');
    const { size, origin } = checkpoint.checkpoint;
    const seed = sampleSeed(checkpoint, policy, nodeSha256);
    const leaves = places.before(size);
    const population = leaves.length;
    const drawn = drawSample({ seed, population, count: of.size }, nodeSha256).map((place) => leaves[place] as number);
    return {
      v: 1,
      of: of.kind,
      origin,
      checkpoint: { size, isWitnessed: outcome.witnessed !== undefined },
      seed: hexEncode(seed),
      population,
      drawn: await lookUp(drawn, outcome),
      ifNoGhosts: { most: mostGhosts(population, drawn.length, CONFIDENCE), confidence: CONFIDENCE },
      findings: findings.inOrder(),
    };
  } finally {
    await pool.close();
    await source.close();
  }
}

async function lookUp(leaves: readonly number[], { tiles, tree }: LogAuditOutcome): Promise<Sample['drawn']> {
  const again = tiles.quietly();
  const size = tree?.size ?? 0;
  const found: { readonly leaf: number; readonly id: string; readonly stream: string }[] = [];
  for (const leaf of leaves) {
    const index = Math.floor(leaf / TILE_WIDTH);
    const read = await again.entries(index, Math.min(TILE_WIDTH, size - index * TILE_WIDTH));
    const entry = read?.entries[leaf % TILE_WIDTH];
    if (entry === undefined) throw new CannotAudit('The files of the log changed while they were read.');
    const { id, stream } = viewLeafOrThrow(entry);
    found.push({ leaf, id, stream });
  }
  return found;
}

/** Where events of one type stand. */
class Places implements LedgerReader {
  private readonly leaves: number[] = [];
  private next = 0;

  constructor(private readonly type: string) {}

  take(entry: Uint8Array): void {
    if (typeOf(entry) === this.type) this.leaves.push(this.next);
    this.next += 1;
  }

  before(size: number): readonly number[] {
    return this.leaves.filter((leaf) => leaf < size);
  }

  room(): Promise<void> {
    return Promise.resolve();
  }

  anchors(): readonly never[] {
    return [];
  }
}

/** Undefined for an entry that is no leaf, which an audit finds. */
function typeOf(entry: Uint8Array): string | undefined {
  try {
    return viewLeafOrThrow(entry).type;
  } catch (fault) {
    if (fault instanceof MalformedInput) return undefined;
    throw fault;
  }
}
