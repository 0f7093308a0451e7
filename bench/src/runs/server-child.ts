import { startApi } from '@aidtrail/api';
import type { Config } from '@aidtrail/nest';
import { inputOfChild, tellParent } from './children.js';

/** What the server has used and stored so far. */
export interface ServerState {
  readonly head: number;
  readonly cpuSeconds: number;
}

/** The real server, as `aidtrail serve` starts it; tells its state whenever the parent asks, and once more when it stops. */
const api = await startApi(await inputOfChild<Config>());
await tellParent({ url: api.url });
for (let asked = await inputOfChild<'state' | 'stop'>(); asked === 'state'; asked = await inputOfChild()) {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  const state: ServerState = { head: await api.system.store.head(), cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 };
  await tellParent(state);
}
// A database that is being stopped does not keep this process alive, so it would end in the middle of that.
const awake = setInterval(() => undefined, 1_000);
await api.close();
clearInterval(awake);
process.disconnect();
