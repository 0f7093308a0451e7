import { hexEncode, type Ed25519Verifier } from '@aidtrail/envelope';
import type { LogPolicy } from '@aidtrail/public-log';
import {
  checkpointSteps,
  historyStep,
  newestNote,
  policyStep,
  type PolicyFile,
  type Seen,
  type SignedCheckpoint,
} from './checkpoint-steps.js';
import { LogUnreachable, type ReadFile } from './read-log.js';
import { step, type Step } from './step.js';

export interface CheckTools {
  /** Undefined if it could not be read. */
  readonly policy: PolicyFile | undefined;
  readonly read: ReadFile;
  readonly verifier: Ed25519Verifier;
  /** Hosts of the page, the api and the log. */
  readonly ownHosts: readonly string[];
  readonly seen: (policy: LogPolicy) => Seen | undefined;
  /** Untrusted: where event keys that came after the first were brought in, if somebody says so. */
  readonly keyLeaves: readonly number[];
  /** Told of each step as soon as it is done. */
  readonly onStep: (step: Step) => void;
}

/** What everything under the log's newest checkpoint is checked by. */
export interface Ground extends Pick<CheckTools, 'keyLeaves' | 'read' | 'onStep' | 'verifier'> {
  readonly policyText: string;
  readonly signed: SignedCheckpoint;
  readonly isWitnessed: boolean;
}

/** A checkpoint to remember: signed by the log, and going on from what was remembered. */
export interface Remembered {
  readonly policy: LogPolicy;
  readonly note: string;
}

/** Checks the log's newest checkpoint, and tells each step. Without a ground there is nothing that more could rest on. */
export async function openLog(
  tools: CheckTools,
): Promise<{ readonly ground?: Ground; readonly remember?: Remembered }> {
  const tell = (steps: readonly Step[]): void => steps.forEach(tools.onStep);
  if (tools.policy === undefined) {
    tell([step('policy', 'unreachable')]);
    return {};
  }
  const trusted = policyStep(tools.policy);
  tell(trusted.steps);
  const policy = trusted.value;
  if (policy === undefined) return {};
  let note: string | undefined;
  try {
    note = await newestNote(tools.read);
  } catch (fault) {
    if (!(fault instanceof LogUnreachable)) throw fault;
    tell([step('checkpoint', 'unreachable')]);
    return {};
  }
  const opened = checkpointSteps(note, { ...tools, policy });
  tell(opened.steps);
  const signed = opened.value;
  if (signed === undefined) return {};
  const history = await historyStep(signed, tools.seen(policy), { ...tools, policy });
  tell([history]);
  const isWitnessed = opened.steps.some(({ outcome }) => ['quorum', 'ownMachine', 'notAsked'].includes(outcome));
  const isNewest = ['first', 'same', 'grown'].includes(history.outcome);
  return {
    ground: { ...tools, policyText: tools.policy.text, signed, isWitnessed },
    ...(isNewest ? { remember: { policy, note: signed.note } } : {}),
  };
}

/** Under which this browser remembers the checkpoints of a log: its key, whatever address it is read from. */
export function memoryKeyOf({ logs }: LogPolicy): string | undefined {
  const [log] = logs;
  return log && `aidtrail.seen.${hexEncode(log.key.publicKey)}`;
}
