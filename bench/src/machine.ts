import { cpus, loadavg, totalmem } from 'node:os';
import pg from 'pg';
import { sodiumSigner } from '@aidtrail/crypto-node';
import { startEmbeddedPostgres } from '@aidtrail/event-store/embedded';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly node: string;
  readonly postgres: string;
  readonly fsync: string;
  readonly synchronousCommit: string;
  readonly loadAverage: readonly number[];
  /** libsodium, one thread, just now: how much of a core a benchmark gets. */
  readonly signaturesPerSecond: number;
  readonly date: string;
}

/** Asks a PostgreSQL started like those of the benchmarks, so that what is printed is what is measured. */
export async function describeMachine(directory: string): Promise<Machine> {
  const server = await startEmbeddedPostgres({ dataDirectory: directory, database: 'bench' });
  const client = new pg.Client({ connectionString: server.connectionString });
  try {
    await client.connect();
    const setting = async (name: string): Promise<string> => {
      const { rows } = await client.query<{ value: string }>('select current_setting($1) as value', [name]);
      return rows[0]?.value ?? 'unknown';
    };
    return {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memoryGb: Math.round(totalmem() / 2 ** 30),
      node: process.version,
      postgres: await setting('server_version'),
      fsync: await setting('fsync'),
      synchronousCommit: await setting('synchronous_commit'),
      loadAverage: loadavg().map((load) => Math.round(load * 100) / 100),
      signaturesPerSecond: signaturesPerSecond(),
      date: new Date().toISOString(),
    };
  } finally {
    await client.end();
    await server.stop();
  }
}

/** Measured on the machine that the targets were set for, with nothing else running. */
const QUIET_SIGNATURES = 48_000;

function signaturesPerSecond(): number {
  const signer = sodiumSigner(new Uint8Array(32));
  const message = new Uint8Array(500);
  const start = performance.now();
  let count = 0;
  for (; performance.now() - start < 500; count += 1) signer.sign(message);
  return Math.round(count / ((performance.now() - start) / 1_000));
}

export function machineLine(machine: Machine): string {
  const { cpu, cores, memoryGb, node, postgres, fsync, synchronousCommit } = machine;
  const { loadAverage, signaturesPerSecond: signatures, date } = machine;
  return [
    `${cpu}, ${cores} cores, ${memoryGb} GB, node ${node}`,
    `PostgreSQL ${postgres}, fsync ${fsync}, synchronous_commit ${synchronousCommit}`,
    `load average ${loadAverage.join(' ')}, ${signatures} signatures/s on one thread (${QUIET_SIGNATURES} when quiet), ${date}`,
  ].join('\n');
}
