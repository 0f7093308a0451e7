import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { nodeSha256, sodiumVerifier } from '@aidtrail/crypto-node';
import { MalformedInput, parseDisclosureOrThrow } from '@aidtrail/envelope';
import { NoteRejected, parsePolicyOrThrow, ProofRejected, type ReadLogFile } from '@aidtrail/public-log';
import { NotWitnessedYet, type ReceiptTrust } from '@aidtrail/verification';
import { CommandFailed } from '../terminal.js';

/** Whom the policy file trusts, and what checks it. */
export async function trustIn(policyFile: string): Promise<ReceiptTrust> {
  try {
    const policy = parsePolicyOrThrow(await readFile(policyFile));
    return { policy, verifier: sodiumVerifier, sha256: nodeSha256 };
  } catch (fault) {
    if (fault instanceof MalformedInput) throw new CommandFailed(`${policyFile} is no policy file: ${fault.message}.`);
    throw fault;
  }
}

/** The files of a published log in a folder. */
export function logIn(folder: string): ReadLogFile {
  return async (path) => {
    try {
      return await readFile(join(folder, ...path.split('/')));
    } catch (fault) {
      if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw fault;
    }
  };
}

/**
 * Of one event, the disclosures in a file of lines `{"index":n,"disclosures":[…]}` whose names are to be shown. Throws
 * CommandFailed for a name that the event has no disclosure of.
 */
export async function disclosuresFrom(
  file: string,
  { index, names }: { readonly index: number; readonly names: readonly string[] },
): Promise<readonly string[]> {
  const all = await disclosuresAt(file, index);
  const byName = new Map(all.map((one) => [parseDisclosureOrThrow(one).name, one]));
  return names.map((name) => {
    const found = byName.get(name);
    if (found === undefined)
      throw new CommandFailed(`${file} discloses no field ${name} of the event at index ${index}.`);
    return found;
  });
}

async function disclosuresAt(file: string, index: number): Promise<readonly string[]> {
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Infinity });
  try {
    for await (const line of lines) {
      const entry = JSON.parse(line) as { readonly index?: unknown; readonly disclosures?: unknown };
      if (entry.index !== index || !Array.isArray(entry.disclosures)) continue;
      return entry.disclosures.filter((one): one is string => typeof one === 'string');
    }
  } catch (fault) {
    if (!(fault instanceof SyntaxError)) throw fault;
    throw new CommandFailed(`${file} is not a file of disclosures: one JSON object a line is expected.`);
  } finally {
    lines.close();
  }
  return [];
}

/** Runs a check; what it rejects becomes a sentence and exit code 1. */
export async function judged<T>(what: string, check: () => T | Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (fault) {
    const why = reasonOf(fault);
    if (why === undefined) throw fault;
    throw new CommandFailed(`${what}: ${why}`, 1);
  }
}

function reasonOf(fault: unknown): string | undefined {
  if (fault instanceof NotWitnessedYet || fault instanceof MalformedInput) return fault.message;
  if (fault instanceof NoteRejected) return noteReasons[fault.code];
  if (fault instanceof ProofRejected) return 'the event does not stand where it says under its checkpoint.';
  return undefined;
}

const noteReasons: Readonly<Record<NoteRejected['code'], string>> = {
  known_signature_invalid: 'a signature on its checkpoint is wrong.',
  no_known_signature: 'no log of the policy signed its checkpoint.',
  quorum_not_met: 'too few of the policy’s witnesses cosigned its checkpoint.',
};
