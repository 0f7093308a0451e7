import type { Pool } from 'pg';
import { nodeSha256 } from '@aidtrail/crypto-node';
import type { EventStore } from '@aidtrail/event-store';
import type { CheckpointStore } from '@aidtrail/ledger';
import { readIfThere } from '@aidtrail/log-files';
import { createTreeHasher, type LogPolicy, type NoteKey } from '@aidtrail/public-log';
import type { Config } from '../config/config.js';
import type { LedgerFile } from '../identity/ledger-file.js';
import { openLog, type OpenedLog } from '../publisher/open-log.js';
import { createPostgresCosignatureStore } from '../witnesses/cosignature-store.js';
import { ownHostsOf } from '../witnesses/independence.js';
import { NO_WITNESSES, policyPath, readPolicy, writePolicy } from '../witnesses/policy-file.js';
import { logPath } from './database.js';

/** The policy file of the data directory. Throws PolicyProblem; one that is missing is written, with a warning. */
export async function systemPolicy(
  { dataDirectory }: Config,
  of: {
    readonly file: LedgerFile;
    /** The bytes of leaf 0. */
    readonly leafZero: Uint8Array;
    readonly onWarning: ((sentence: string) => void) | undefined;
  },
): Promise<LogPolicy> {
  const leafZeroHash = createTreeHasher(nodeSha256).leafHash(of.leafZero);
  const terms = { checkpointVkey: of.file.checkpointVkey, leafZeroHash };
  const policy = await readPolicy(dataDirectory, terms);
  if (policy !== undefined) return policy;
  await writePolicy(dataDirectory, terms, []);
  of.onWarning?.('log-policy.txt was missing and is written without witnesses. If there were any, restore it.');
  return NO_WITNESSES;
}

/** The public log of a system, with the cosignatures that its database keeps. */
export async function openSystemLog(
  config: Config,
  parts: {
    readonly pool: Pool;
    readonly store: EventStore;
    readonly checkpoints: CheckpointStore;
    readonly policy: LogPolicy;
    readonly key: NoteKey;
    readonly onFault: (where: string, fault: unknown) => void;
  },
): Promise<OpenedLog> {
  const cosignatures = await createPostgresCosignatureStore(parts.pool);
  const ownHosts = ownHostsOf({ origin: parts.key.name, host: config.host });
  const policyFile = () => readIfThere(policyPath(config.dataDirectory));
  return openLog(logPath(config), { ...parts, cosignatures, ownHosts, policyFile });
}

/**
 * Whether what is published and witnessed may be gone on from, asked before anything is signed. Throws LogConflict. Resolves
 * to a warning if witnesses did not answer.
 */
export async function checkSystemLog({ publisher, witnesses }: OpenedLog): Promise<string | undefined> {
  await publisher.check();
  const silent = await witnesses.check();
  if (silent.length === 0) return undefined;
  return (
    `Nobody can say what these witnesses hold, because they did not answer: ${silent.join(', ')}. They are asked again; if ` +
    'one holds what the database has not signed, the server stops.'
  );
}
