import { startWitness } from '@aidtrail/witness';
import { inputOfChild, tellParent } from './children.js';

export interface WitnessPlan {
  readonly dataDirectory: string;
  readonly logVkeys: readonly string[];
}

/** The witness as `aidtrail witness` starts it. */
const plan = await inputOfChild<WitnessPlan>();
const witness = await startWitness({
  ...plan,
  name: 'bench.example/witness',
  host: '127.0.0.1',
  port: 0,
  clock: Date.now,
  tell: () => undefined,
});
await tellParent({ url: witness.url });
await inputOfChild<'stop'>();
const { userCPUTime, systemCPUTime } = process.resourceUsage();
await tellParent((userCPUTime + systemCPUTime) / 1e6);
await witness.close();
process.disconnect();
