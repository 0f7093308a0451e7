import { signAnswer } from './answer.js';
import { base64Encode } from './base64.js';
import { leafHash } from './hashes.js';
import { MalformedInput } from './malformed-input.js';
import { prepareLeaf } from './prepare-leaf.js';
import type { LeafJob, LeafTools, PreparedLeaf } from './prepare-leaf.js';

/** All that is signed when a command is accepted: its events' leaves, and the answer that names the first of them. */
export interface AcceptanceJob {
  /** At least one. */
  readonly leaves: readonly LeafJob[];
  readonly answer: {
    readonly log: string;
    /** The command's id. */
    readonly command: string;
    /** SHA-256 of the command's body, base64. */
    readonly bodyHash: string;
    /** RFC 3339 in UTC. */
    readonly publishBy: string;
  };
}

export interface PreparedAcceptance {
  readonly leaves: readonly PreparedLeaf[];
  /** The canonical bytes of the signed answer; see `signAnswer`. */
  readonly answer: Uint8Array;
}

/** The same job always gives the same bytes; see `prepareLeaf`. Throws `MalformedInput`. */
export function prepareAcceptance({ leaves: jobs, answer }: AcceptanceJob, tools: LeafTools): PreparedAcceptance {
  const leaves = jobs.map((job) => prepareLeaf(job, tools));
  const [first] = leaves;
  const event = jobs[0]?.id;
  if (first === undefined || event === undefined) {
    throw new MalformedInput('bad_shape', 'An acceptance needs at least one event.');
  }
  const { publishBy, ...head } = answer;
  const accepted = { leafHash: base64Encode(leafHash(first.bytes, tools.sha256)), event, publishBy };
  return { leaves, answer: signAnswer({ v: 1, ...head, accepted }, tools.signer) };
}
