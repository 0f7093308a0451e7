import { readFile } from 'node:fs/promises';
import { ConfigProblem, type Config } from '@aidtrail/nest';

/** Too long to be guessed, and of characters that a header takes. */
const TOKEN = /^[\x21-\x7e]{32,256}$/;

/** The token that a monitor has to show; undefined where none is set. Throws `ConfigProblem`, without the token. */
export async function readMonitorToken({
  monitorTokenFile,
}: Pick<Config, 'monitorTokenFile'>): Promise<string | undefined> {
  if (monitorTokenFile === undefined) return undefined;
  const token = await readFile(monitorTokenFile, 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );
  if (token === undefined) throw new ConfigProblem(['AIDTRAIL_MONITOR_TOKEN_FILE: there is no such file to be read']);
  if (!TOKEN.test(token))
    throw new ConfigProblem([
      'AIDTRAIL_MONITOR_TOKEN_FILE: the file holds one line of 32 to 256 characters, no spaces',
    ]);
  return token;
}
