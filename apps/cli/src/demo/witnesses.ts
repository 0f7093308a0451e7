import { join } from 'node:path';
import { startWitness } from '@aidtrail/witness';

/** A witness of the demo: it has a key and a memory of its own, and runs where the ledger runs, so it proves nothing. */
export interface DemoWitness {
  readonly name: string;
  /** As `aidtrail init --witness` takes it. */
  readonly line: string;
  close(): Promise<void>;
}

const NAMES = ['north', 'south', 'east'] as const;

/** Starts three witnesses on free ports, each with its state below `witnesses/` of the demo's folder. */
export async function startWitnesses(dataDirectory: string, logVkey: string): Promise<readonly DemoWitness[]> {
  return Promise.all(
    NAMES.map(async (name) => {
      const running = await startWitness({
        dataDirectory: join(dataDirectory, 'witnesses', name),
        name: `${name}.witness.example`,
        logVkeys: [logVkey],
        host: '127.0.0.1',
        port: 0,
        clock: Date.now,
        tell: () => undefined,
      });
      const { url, vkey } = running;
      return { name, line: `${name}=${vkey}@${url}`, close: () => running.close() };
    }),
  );
}
