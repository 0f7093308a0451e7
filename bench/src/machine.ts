import { cpus, loadavg, totalmem } from 'node:os';
import pg from 'pg';
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
      date: new Date().toISOString(),
    };
  } finally {
    await client.end();
    await server.stop();
  }
}

export function machineLine(machine: Machine): string {
  const { cpu, cores, memoryGb, node, postgres, fsync, synchronousCommit, loadAverage, date } = machine;
  return [
    `${cpu}, ${cores} cores, ${memoryGb} GB, node ${node}`,
    `PostgreSQL ${postgres}, fsync ${fsync}, synchronous_commit ${synchronousCommit}`,
    `load average at the start ${loadAverage.join(' ')}, ${date}`,
  ].join('\n');
}
