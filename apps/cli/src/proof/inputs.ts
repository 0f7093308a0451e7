import { readFile } from 'node:fs/promises';
import { CannotAudit, DisclosuresFile, openSource } from '@aidtrail/auditor';
import { nodeSha256, sodiumVerifier } from '@aidtrail/crypto-node';
import { MalformedInput, parseDisclosureOrThrow } from '@aidtrail/envelope';
import { NoteRejected, parsePolicyOrThrow, ProofRejected, type ReadLogFile } from '@aidtrail/public-log';
import { MAX_BUNDLE_BYTES, NotWitnessedYet, type ReceiptTrust } from '@aidtrail/verification';
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

/** Works with the files of a published log: a folder, an archive of one, or the address of a log that is served. */
export async function withLog<T>(where: string, work: (read: ReadLogFile) => Promise<T>): Promise<T> {
  const source = await orSay(openSource(where));
  try {
    return await orSay(
      work(async (path) => {
        const file = await source.read(path, MAX_BUNDLE_BYTES);
        if (file === 'too_large') throw new MalformedInput('too_large', `The log's file ${path} is too large.`);
        return file;
      }),
    );
  } finally {
    await source.close();
  }
}

/**
 * Of one event, the disclosures in a file of lines `{"index":n,"disclosures":[…]}` whose names are to be shown. Throws
 * CommandFailed for a name that the event has no disclosure of.
 */
export async function disclosuresFrom(
  file: string,
  { index, names }: { readonly index: number; readonly names: readonly string[] },
): Promise<readonly string[]> {
  const disclosures = await orSay(DisclosuresFile.open(file));
  await orSay(disclosures.advance(index, index + 1));
  const all = disclosures.of(index) ?? [];
  const byName = new Map(all.map((one) => [parseDisclosureOrThrow(one).name, one]));
  return names.map((name) => {
    const found = byName.get(name);
    if (found === undefined)
      throw new CommandFailed(`${file} discloses no field ${name} of the event at index ${index}.`);
    return found;
  });
}

async function orSay<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (fault) {
    if (fault instanceof CannotAudit) throw new CommandFailed(fault.message);
    throw fault;
  }
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
