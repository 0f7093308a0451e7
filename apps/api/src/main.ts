// The api as a process of its own, for a container: settings come from the environment. `aidtrail serve` is the same.
import { ConfigProblem, IdentityProblem, loadConfigOrThrow } from '@aidtrail/nest';
import { startApi } from './app/start-api.js';

try {
  const api = await startApi(loadConfigOrThrow());
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void api.close());
  await api.ended;
} catch (fault) {
  const isOurs = fault instanceof ConfigProblem || fault instanceof IdentityProblem;
  process.stderr.write(`${isOurs ? fault.message : String(fault)}\n`);
  process.exitCode = 2;
}
