import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogDirectory } from '@aidtrail/log-files';
import { majorityOf, type LogPolicy } from '@aidtrail/public-log';
import type { SignedWorld } from '../publisher/signed-world.testing.js';
import { FakeWitness } from './fake-witness.testing.js';

/** A folder for a log, and witnesses to show it to; for one spec, which closes it. */
export class WitnessedLog {
  readonly directory: LogDirectory;
  private readonly witnesses: FakeWitness[] = [];

  private constructor(private readonly folder: string) {
    this.directory = new LogDirectory(join(folder, 'log'));
  }

  static async open(): Promise<WitnessedLog> {
    return new WitnessedLog(await mkdtemp(join(tmpdir(), 'aidtrail-witnesses-')));
  }

  async witness(name: string): Promise<FakeWitness> {
    const fake = await FakeWitness.start(name, this.witnesses.length + 1);
    this.witnesses.push(fake);
    return fake;
  }

  /** That asks for a majority of the witnesses so far. */
  policyOf(world: SignedWorld): LogPolicy {
    const witnesses = this.witnesses.map(({ policy }) => policy);
    return { logs: [{ key: world.signer.key }], witnesses, quorum: majorityOf(witnesses) };
  }

  /** A published checkpoint as it stands in the folder; empty for none. */
  async note(name: 'checkpoint' | 'witnessed-checkpoint'): Promise<string> {
    return (await this.directory.readCheckpoint(name)) ?? '';
  }

  async close(): Promise<void> {
    await Promise.all(this.witnesses.map((fake) => fake.close()));
    await rm(this.folder, { recursive: true, force: true });
  }
}
