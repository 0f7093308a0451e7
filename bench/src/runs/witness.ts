import { nodeSha256, sodiumSigner } from '@aidtrail/crypto-node';
import {
  assembleProof,
  createNoteSigner,
  createTreeHasher,
  formatAddCheckpoint,
  formatVkey,
  nodeReaderOf,
  planConsistency,
  signCheckpoint,
  CompactRange,
} from '@aidtrail/public-log';
import { profileOptions } from '../profile.js';
import { median, percentile, type BenchContext, type Measurement } from '../result.js';
import { Child } from './children.js';
import { HttpConnection } from './http-connection.js';

/** So many logs ask at once, each for its next checkpoint as soon as the one before is cosigned. */
const LOGS = 64;
const LEAVES_A_CHECKPOINT = 100;
const RUNS = 3;

/** Cosignatures over HTTP, each with a consistency proof and durable before the answer. The requests are made before. */
export async function witnessAddCheckpoint(context: BenchContext): Promise<readonly Measurement[]> {
  const checkpoints = context.quick ? 50 : 250;
  context.progress(`witness: ${RUNS} times ${LOGS} logs of ${checkpoints} checkpoints`);
  const requests = requestsOfOneLog(checkpoints);
  const runs = [];
  for (let run = 0; run < RUNS; run += 1) runs.push(await measure(context, requests));
  const rates = runs.map(({ perSecond }) => perSecond);
  const [last] = runs.slice(-1);
  return [
    {
      name: 'witness_add_checkpoint_per_s',
      value: median(rates),
      notes: [
        `runs: ${rates.map((rate) => rate.toFixed(0)).join(', ')}; ${LOGS} logs at once, ${LEAVES_A_CHECKPOINT} leaves a checkpoint`,
        `median ${percentile(last?.latenciesMs ?? [], 0.5).toFixed(1)}, p99 ${percentile(last?.latenciesMs ?? [], 0.99).toFixed(1)} ms; ` +
          `processor time of the witness ${last?.cpuMicrosecondsEach.toFixed(0)} µs a request`,
      ],
    },
  ];
}

interface Run {
  readonly perSecond: number;
  readonly latenciesMs: readonly number[];
  readonly cpuMicrosecondsEach: number;
}

/** A log's requests without its name and signature, which differ from log to log. */
type Step = {
  readonly oldSize: number;
  readonly size: number;
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
};

function requestsOfOneLog(checkpoints: number): readonly Step[] {
  const hasher = createTreeHasher(nodeSha256);
  const hashes = Array.from({ length: checkpoints * LEAVES_A_CHECKPOINT }, (_, i) =>
    hasher.leafHash(Buffer.from(`leaf ${i}`)),
  );
  const read = nodeReaderOf(hashes, hasher);
  const range = new CompactRange(hasher);
  return Array.from({ length: checkpoints }, (_, i) => {
    const [oldSize, size] = [i * LEAVES_A_CHECKPOINT, (i + 1) * LEAVES_A_CHECKPOINT];
    range.appendMany(hashes.slice(oldSize, size));
    const proof = i === 0 ? [] : assembleProof(planConsistency({ from: oldSize, to: size }), read, hasher);
    return { oldSize, size, root: range.root(), proof };
  });
}

async function measure(context: BenchContext, steps: readonly Step[]): Promise<Run> {
  const signers = Array.from({ length: LOGS }, (_, i) =>
    createNoteSigner(`log-${i}.bench.example`, sodiumSigner(new Uint8Array(32).fill(i + 1))),
  );
  const bodies = signers.map((signer) =>
    steps.map(({ oldSize, size, root, proof }) => {
      const checkpoint = signCheckpoint({ origin: signer.key.name, size, root }, signer);
      return Buffer.from(formatAddCheckpoint({ oldSize, proof, checkpoint }));
    }),
  );
  const witness = new Child(new URL('./witness-child.js', import.meta.url), {
    execArgv: profileOptions(context, 'witness'),
    input: {
      dataDirectory: await context.newDirectory(),
      logVkeys: signers.map(({ key }) => formatVkey(key)),
    },
  });
  try {
    const { url } = await witness.next<{ readonly url: string }>();
    const connections = await Promise.all(bodies.map(() => HttpConnection.open(url)));
    const latenciesMs: number[] = [];
    const start = performance.now();
    await Promise.all(
      connections.map(async (connection, i) => {
        for (const body of bodies[i] ?? []) {
          const since = performance.now();
          const { status } = await connection.post('/add-checkpoint', body);
          if (status !== 200) throw new Error(`The witness answered ${status}.`);
          latenciesMs.push(performance.now() - since);
        }
        connection.close();
      }),
    );
    const seconds = (performance.now() - start) / 1_000;
    witness.send('stop');
    const cpuSeconds = await witness.next<number>();
    await witness.exit();
    const { length: count } = latenciesMs;
    return { perSecond: count / seconds, latenciesMs, cpuMicrosecondsEach: (cpuSeconds / count) * 1e6 };
  } finally {
    await witness.end();
  }
}
